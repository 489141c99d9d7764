import type { IncomingMessage } from 'node:http';
import { Params } from './params.ts';

/** What the Price List service knows. */
export interface PriceList {
  /** Dollars an hour on demand, by type. */
  readonly onDemandPrices?: Readonly<Record<string, number>>;
  /** Entries of the answers in the place of those that follow from the prices. */
  readonly priceEntries?: readonly string[];
}

interface Asked {
  readonly action: string;
  readonly params: Params;
}

/** A request of the Price List service, which speaks JSON 1.1; null: it is another. */
export function pricingRequest({ headers }: IncomingMessage, body: string): Asked | null {
  const [, action] = /^AWSPriceListService\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? [];
  if (action === undefined) return null;
  const { ServiceCode, NextToken, Filters } = JSON.parse(body) as {
    ServiceCode: string;
    NextToken?: string;
    Filters: { Type: string; Field: string; Value: string }[];
  };
  const region = /Credential=[^/]+\/\d+\/([^/]+)\/pricing\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const filters = Filters.map(({ Field, Value }): [string, string] => [Field, Value]);
  const values = new Map([
    ...filters,
    ['ServiceCode', ServiceCode],
    ['NextToken', NextToken ?? '0'],
    ['signed for', region],
  ] as [string, string][]);
  return { action, params: new Params(values) };
}

/** One product on a page, so that pages are followed in every test. */
export function getProducts({ onDemandPrices = {}, priceEntries }: PriceList, params: Params): object {
  const type = params.get('instanceType') ?? '';
  const price = onDemandPrices[type];
  const entries =
    priceEntries ??
    (price === undefined
      ? []
      : [
          // As AWS lists them: what is reserved costs nothing more an hour, and blocks of capacity are another market.
          product(type, 0, {}),
          product(type, price * 3, { marketoption: 'CapacityBlock' }),
          product(type, price, { marketoption: 'OnDemand' }),
        ]);
  const page = Number(params.get('NextToken'));
  return {
    FormatVersion: 'aws_v1',
    PriceList: entries.slice(page, page + 1),
    ...(page + 1 < entries.length ? { NextToken: String(page + 1) } : {}),
  };
}

/** An entry as the service words it. */
export function product(instanceType: string, price: number | string, attributes: object): string {
  const sku = '7QXYVPQ7Q7Q7Q7Q7';
  const usd = typeof price === 'number' ? price.toFixed(10) : price;
  return JSON.stringify({
    product: {
      productFamily: 'Compute Instance',
      attributes: {
        instanceType,
        regionCode: 'eu-west-1',
        operatingSystem: 'Linux',
        tenancy: 'Shared',
        preInstalledSw: 'NA',
        capacitystatus: 'Used',
        operation: 'RunInstances',
        ...attributes,
      },
      sku,
    },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        [`${sku}.JRTCKXETXF`]: {
          priceDimensions: {
            [`${sku}.JRTCKXETXF.6YS6EN2CT7`]: {
              unit: 'Hrs',
              endRange: 'Inf',
              beginRange: '0',
              pricePerUnit: { USD: usd },
            },
          },
          sku,
          offerTermCode: 'JRTCKXETXF',
          termAttributes: {},
        },
      },
    },
    version: '20261120000000',
  });
}
