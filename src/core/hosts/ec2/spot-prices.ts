import { DescribeSpotPriceHistoryCommand, type EC2Client, type SpotPrice } from '@aws-sdk/client-ec2';
import { MAX_PRICE } from '../../domain/cost.ts';
import type { PricePoint } from '../provider.ts';

/** A price for each type and zone: 300 types in six zones are two pages. */
const MOST_PAGES = 10;

/** What spot instances of these types cost now, an hour. Fails as the SDK does. */
export async function fetchSpotPrices(
  client: EC2Client,
  { types, now, signal }: { types: readonly string[]; now: Date; signal: AbortSignal },
): Promise<PricePoint[]> {
  const found: SpotPrice[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new DescribeSpotPriceHistoryCommand({
      InstanceTypes: types.map((type) => type as 'c7a.4xlarge'),
      ProductDescriptions: ['Linux/UNIX'],
      // From now on: the newest price of each type and zone, and nothing else.
      StartTime: now,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const answer = await client.send(command, { abortSignal: signal });
    found.push(...(answer.SpotPriceHistory ?? []));
    if (!answer.NextToken) break;
    next = answer.NextToken;
  }
  return spotPricesOf(found);
}

/**
 * The price of each type in each zone, and for a zone that is not known that of the dearest, so that nothing is
 * counted too low. Pure. What is no price is left out.
 */
export function spotPricesOf(history: readonly SpotPrice[]): PricePoint[] {
  const zones = new Map<string, PricePoint & { type: string }>();
  const dearest = new Map<string, number>();
  for (const { InstanceType: type, AvailabilityZone: zone = '', SpotPrice: text } of history) {
    const pricePerHour = text?.trim() ? Number(text) : NaN;
    if (type === undefined || !(pricePerHour > 0) || pricePerHour > MAX_PRICE) continue;
    dearest.set(type, Math.max(dearest.get(type) ?? 0, pricePerHour));
    // The newest comes first.
    const key = `${type} ${zone}`;
    if (zone !== '' && !zones.has(key)) zones.set(key, { type, purchase: 'spot', zone, pricePerHour });
  }
  const anywhere = Array.from(dearest, ([type, pricePerHour]): PricePoint => {
    return { type, purchase: 'spot', pricePerHour };
  });
  return [...zones.values(), ...anywhere];
}
