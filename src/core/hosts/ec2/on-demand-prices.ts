import {
  GetProductsCommand,
  type GetProductsCommandOutput,
  PricingClient,
  type Filter,
} from '@aws-sdk/client-pricing';
import type { PricePoint } from '../provider.ts';
import { productPrice } from './product-price.ts';
import { pricingRegionOf } from './pricing-region.ts';

/** An answer has a product or two. Nobody is followed over more pages than this. */
const MOST_PAGES = 10;

/** What a Linux instance of its own costs on a machine that is shared, without software that is paid for. */
const FILTERS: Readonly<Record<string, string>> = {
  operatingSystem: 'Linux',
  tenancy: 'Shared',
  preInstalledSw: 'NA',
  capacitystatus: 'Used',
};

/** The Price List service, as the nearest region to the hosts has it. null: there is none for that region. */
export function connectPricing(
  region: string,
  { attempts, timeoutMs }: { attempts: number; timeoutMs: number },
): PricingClient | null {
  const place = pricingRegionOf(region);
  if (place === null) return null;
  return new PricingClient({
    region: place,
    maxAttempts: attempts,
    requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
}

/**
 * What an instance of a type costs on demand in a region; null: the list does not have it. Of several products
 * that fit the dearest counts. Fails as the SDK does.
 */
export async function fetchOnDemandPrice(
  client: PricingClient,
  { region, type, signal }: { region: string; type: string; signal: AbortSignal },
): Promise<PricePoint | null> {
  const filters = { ...FILTERS, regionCode: region, instanceType: type };
  const Filters: Filter[] = Object.entries(filters).map(([Field, Value]) => ({
    Type: 'TERM_MATCH',
    Field,
    Value,
  }));
  let most: number | null = null;
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new GetProductsCommand({
      ServiceCode: 'AmazonEC2',
      FormatVersion: 'aws_v1',
      Filters,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const { PriceList, NextToken }: GetProductsCommandOutput = await client.send(command, {
      abortSignal: signal,
    });
    for (const entry of Array.isArray(PriceList) ? PriceList : []) {
      const price = productPrice(String(entry), type);
      if (price !== null) most = Math.max(most ?? 0, price);
    }
    if (!NextToken) break;
    next = NextToken;
  }
  return most === null ? null : { type, purchase: 'on-demand', pricePerHour: most };
}
