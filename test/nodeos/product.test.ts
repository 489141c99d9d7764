import { describe, expect, test } from 'vitest';
import { parseNodeosVersion, productOf } from '../../src/nodeos/product.ts';

describe('a version of nodeos', () => {
  test.each([
    ['1.2.2', 'spring'],
    ['v1.0.0-rc3', 'spring'],
    ['2.0.0', 'spring'],
    ['3.2.5', 'leap'],
    ['4.0.6', 'leap'],
    ['v5.0.3', 'leap'],
    ['1.2.2-stand-in', 'spring'],
  ])('%s is %s', (version, product) => {
    expect(productOf(version)).toBe(product);
  });

  test.each([
    ['6.0.0', 'nodeos 6.0.0 is of no known product: Spring is 1 and 2, Leap is 3 to 5'],
    ['0.9.9', 'nodeos 0.9.9 is of no known product: Spring is 1 and 2, Leap is 3 to 5'],
    ['latest', '"latest" is not a version of nodeos'],
    ['1.2', '"1.2" is not a version of nodeos'],
    ['', '"" is not a version of nodeos'],
  ])('%s can never work', (version, message) => {
    expect(() => productOf(version)).toThrow(expect.objectContaining({ failureCause: 'bad-job', message }));
  });

  test('is read with and without its v, and keeps what follows the numbers', () => {
    expect(parseNodeosVersion(' v1.2.2\n')).toEqual({ text: '1.2.2', major: 1, suffix: '' });
    expect(parseNodeosVersion('5.0.0-rc1')).toEqual({ text: '5.0.0-rc1', major: 5, suffix: '-rc1' });
    expect(parseNodeosVersion('1.2.2 and more')).toBeNull();
  });
});
