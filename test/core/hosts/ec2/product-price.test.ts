import { expect, test } from 'vitest';
import { pricingRegionOf } from '../../../../src/core/hosts/ec2/pricing-region.ts';
import { productPrice } from '../../../../src/core/hosts/ec2/product-price.ts';
import { spotPricesOf } from '../../../../src/core/hosts/ec2/spot-prices.ts';
import { product } from '../../../support/ec2-server/pricing.ts';

test.each([
  ['a price', product('c7a.large', 0.31, {}), 0.31],
  ['one in words', product('c7a.large', '0.3100000000', {}), 0.31],
  ['one of another type', product('c7a.xlarge', 0.31, {}), null],
  ['one with software', product('c7a.large', 0.31, { operation: 'RunInstances:0002' }), null],
  ['one of a block of capacity', product('c7a.large', 0.31, { marketoption: 'CapacityBlock' }), null],
  ['nothing', product('c7a.large', 0, {}), null],
  ['less than nothing', product('c7a.large', '-0.31', {}), null],
  ['no number', product('c7a.large', 'free', {}), null],
  ['an empty text', product('c7a.large', ' ', {}), null],
  ['more than anything costs', product('c7a.large', '1e7', {}), null],
  ['another currency', product('c7a.large', 1, {}).replace('USD', 'CNY'), null],
  ['a price for each gigabyte', product('c7a.large', 1, {}).replace('Hrs', 'GB-Mo'), null],
  ['only reserved ones', product('c7a.large', 1, {}).replace('OnDemand', 'Reserved'), null],
  ['half an entry', product('c7a.large', 1, {}).slice(0, -9), null],
  ['a list', '[]', null],
  ['null', 'null', null],
])('%s', (_, text, price) => {
  expect(productPrice(text, 'c7a.large')).toBe(price);
});

test.each([
  ['eu-west-1', 'eu-central-1'],
  ['me-central-1', 'eu-central-1'],
  ['ap-southeast-2', 'ap-south-1'],
  ['us-west-2', 'us-east-1'],
  ['ca-central-1', 'us-east-1'],
  ['sa-east-1', 'us-east-1'],
  ['us-gov-west-1', null],
  ['us-iso-east-1', null],
  ['eusc-de-east-1', null],
  ['cn-north-1', null],
])('the prices of %s are asked for in %s', (region, place) => {
  expect(pricingRegionOf(region)).toBe(place);
});

test('spot prices are those of each zone, and anywhere that of the dearest', () => {
  const of = (AvailabilityZone: string, SpotPrice: string, InstanceType = 'c7a.large') =>
    ({ AvailabilityZone, SpotPrice, InstanceType }) as const;
  const history = [
    of('a', '0.2'),
    of('b', '0.3'),
    of('c', ''),
    of('c', 'x'),
    of('c', '0'),
    of('a', '9', 'm'),
  ];
  expect(spotPricesOf(history as never)).toEqual([
    { type: 'c7a.large', purchase: 'spot', zone: 'a', pricePerHour: 0.2 },
    { type: 'c7a.large', purchase: 'spot', zone: 'b', pricePerHour: 0.3 },
    { type: 'm', purchase: 'spot', zone: 'a', pricePerHour: 9 },
    { type: 'c7a.large', purchase: 'spot', pricePerHour: 0.3 },
    { type: 'm', purchase: 'spot', pricePerHour: 9 },
  ]);
});
