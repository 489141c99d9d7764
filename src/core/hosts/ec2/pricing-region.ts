/**
 * The region whose Price List service is asked for the prices of a region: it is in three regions only, each of
 * which knows the prices of all (AWS docs: "AWS Price List service endpoints"). Pure.
 * @returns null where it cannot be asked: China has one of its own with prices in yuan, and the account of a
 * GovCloud, or of another partition, is not known to those three
 */
export function pricingRegionOf(region: string): string | null {
  if (/^(cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc)-/.test(region)) return null;
  if (/^(eu|me|il|af)-/.test(region)) return 'eu-central-1';
  return region.startsWith('ap-') ? 'ap-south-1' : 'us-east-1';
}

/** Whether EC2's prices of a region are in US dollars. Pure. */
export function isInDollars(region: string): boolean {
  return !region.startsWith('cn-');
}
