import { DescribeSpotPriceHistoryCommand, type SpotPrice } from '@aws-sdk/client-ec2';
import type { PricePoint } from '../provider.ts';
import { asking, type Ec2Connection } from './client.ts';

/**
 * What spot instances of these types cost now, an hour. EC2 tells no other prices.
 * @throws UserError when EC2 refuses
 */
export async function fetchSpotPrices(
  connection: Ec2Connection,
  types: readonly string[],
  now: Date,
): Promise<PricePoint[]> {
  if (types.length === 0) return [];
  const command = new DescribeSpotPriceHistoryCommand({
    InstanceTypes: types.map((type) => type as 'c7a.4xlarge'),
    ProductDescriptions: ['Linux/UNIX'],
    // From now on: the newest price of each type and zone, and nothing else.
    StartTime: now,
  });
  const { SpotPriceHistory = [] } = await asking(connection, 'DescribeSpotPriceHistory', () =>
    connection.client.send(command),
  );
  return dearestZone(SpotPriceHistory);
}

/** One price for each type: that of the dearest zone, so that nothing is counted too low. Pure. */
export function dearestZone(history: readonly SpotPrice[]): PricePoint[] {
  const most = new Map<string, number>();
  for (const { InstanceType: type, SpotPrice: text } of history) {
    const price = Number(text);
    if (type === undefined || !(price > 0)) continue;
    most.set(type, Math.max(most.get(type) ?? 0, price));
  }
  return Array.from(most, ([type, pricePerHour]) => ({ type, purchase: 'spot', pricePerHour }));
}
