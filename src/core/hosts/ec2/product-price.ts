import { MAX_PRICE } from '../../domain/cost.ts';
import { isObject } from '../settings/rules.ts';

/**
 * US dollars an hour on demand of a product of the Price List service (AWS docs: "Reading the service price
 * list file"). Pure. What is not as it is described there is no price, and neither is 0: products that somebody
 * else pays for, such as reserved capacity, are listed with that.
 * @param text an entry of PriceList
 * @param type of instance that it has to be about
 */
export function productPrice(text: string, type: string): number | null {
  const entry = parsed(text);
  const { product, terms } = entry;
  const attributes = field(product, 'attributes');
  if (field(attributes, 'instanceType') !== type) return null;
  // Of an instance for which nothing is paid but itself; absent in old lists.
  const operation = field(attributes, 'operation') ?? 'RunInstances';
  const market = field(attributes, 'marketoption') ?? 'OnDemand';
  if (operation !== 'RunInstances' || market !== 'OnDemand') return null;
  const found = values(field(terms, 'OnDemand'))
    .flatMap((term) => values(field(term, 'priceDimensions')))
    .filter((dimension) => field(dimension, 'unit') === 'Hrs')
    .map((dimension) => dollars(field(field(dimension, 'pricePerUnit'), 'USD')))
    .filter((price) => price !== null);
  // Of several nothing is counted too low.
  return found.length === 0 ? null : Math.max(...found);
}

function dollars(text: unknown): number | null {
  const price = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
  return price > 0 && price <= MAX_PRICE ? price : null;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function values(value: unknown): unknown[] {
  return isObject(value) ? Object.values(value) : [];
}
