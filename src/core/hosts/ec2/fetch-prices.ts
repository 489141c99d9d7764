import { atMost } from '../at-most.ts';
import type { PricePoint } from '../provider.ts';
import { connectEc2 } from './client.ts';
import { codeOf, harmless } from './ec2-error.ts';
import { connectPricing, fetchOnDemandPrice } from './on-demand-prices.ts';
import { isInDollars } from './pricing-region.ts';
import { fetchSpotPrices } from './spot-prices.ts';

/** Nobody waits longer for prices: hosts can be listed and stopped without them. */
const PATIENCE_MS = 15_000;

/** Of one request. */
const ANSWER_MS = 5_000;

const ATTEMPTS = 3;

/** The Price List service takes ten requests a second from one account. */
const AT_ONCE = 5;

export interface FetchedPrices {
  readonly prices: readonly PricePoint[];
  /** What could not be had and why, a line each for people. */
  readonly warnings: readonly string[];
}

interface Asked {
  /** null: what AWS_REGION or the profile says. */
  readonly region: string | null;
  readonly types: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * What AWS says that instances of these types cost now: spot ones by EC2, on demand by the Price List service.
 * What cannot be had costs nothing but a warning: it is not known then.
 * @throws UserError when no region is known; the signal's reason
 */
export async function fetchPrices({ region, types, env, now, signal }: Asked): Promise<FetchedPrices> {
  if (types.length === 0) return { prices: [], warnings: [] };
  const connection = await connectEc2(region, env, ATTEMPTS);
  const limits = { attempts: ATTEMPTS, timeoutMs: ANSWER_MS };
  const pricing = connectPricing(connection.region, limits);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const either = AbortSignal.any([signal, patience]);
  const prices: PricePoint[] = [];
  const warnings: string[] = [];
  const attempt = async (what: string, right: string, ask: () => Promise<void>): Promise<void> => {
    try {
      await ask();
    } catch (error) {
      signal.throwIfAborted();
      const why = patience.aborted
        ? `no answer came within ${PATIENCE_MS / 1000} seconds; it needs the right ${right}`
        : reasonOf(error, right);
      warnings.push(`${what} could not be fetched: ${why}.`);
    }
  };
  const spot = async (): Promise<void> => {
    if (!isInDollars(connection.region)) {
      warnings.push(
        `Prices are not fetched in ${connection.region}, where they are in yuan: set them in prices, in dollars.`,
      );
      return;
    }
    await attempt('Prices of spot instances', 'ec2:DescribeSpotPriceHistory', async () => {
      prices.push(...(await fetchSpotPrices(connection.client, { types, now, signal: either })));
    });
  };
  const onDemand = async (): Promise<void> => {
    if (pricing === null) {
      if (isInDollars(connection.region)) warnings.push(noPriceList(connection.region));
      return;
    }
    await attempt('Prices on demand', 'pricing:GetProducts', () =>
      atMost(AT_ONCE, types, async (type) => {
        const price = await fetchOnDemandPrice(pricing, { region: connection.region, type, signal: either });
        if (price === null) warnings.push(noPrice(type, connection.region));
        else prices.push(price);
      }),
    );
  };
  try {
    await Promise.all([spot(), onDemand()]);
  } finally {
    connection.client.destroy();
    pricing?.destroy();
  }
  return { prices, warnings };
}

function noPriceList(region: string): string {
  return `Prices on demand are not fetched in ${region}: AWS has no price list there. Set them in prices.`;
}

function noPrice(type: string, region: string): string {
  return `The price list of AWS has no price on demand for ${type} in ${region}: set it in prices.`;
}

function reasonOf(error: unknown, right: string): string {
  const code = codeOf(error);
  if (/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(code)) {
    return `the right ${right} is missing (docs/aws.md has the policy)`;
  }
  const said = harmless((error as Error).message).replace(/\.+$/, '');
  return code === '' || said.includes(code) ? said : `${said} (${code})`;
}
