import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { checkDebUrl, checkPeers, parsePrice } from '../../../src/core/worker/work-flags.ts';

describe('a peer', () => {
  it.each(['p2p.example.org:9876', '10.0.0.1:1', '[fd00::5]:65535'])('%s', (peer) => {
    expect(() => checkPeers([peer])).not.toThrow();
  });

  it.each(['', 'host', 'host:', 'host:0', 'host:70000', 'a b:1', 'host:1\nplugin = x', 'http://host:1'])(
    '%j is refused',
    (peer) => {
      expect(() => checkPeers([peer])).toThrow(expect.objectContaining({ exitCode: ExitCode.usage }));
    },
  );
});

describe('a template for the address of packages', () => {
  it.each([null, 'https://mirror.example/{file}', 's3://b/{product}/{version}.deb'])('%s', (template) => {
    expect(() => checkDebUrl(template)).not.toThrow();
  });

  it('names what is unknown in it', () => {
    expect(() => checkDebUrl('https://mirror.example/{name}/{file}')).toThrow('mean nothing: {name}');
  });
});

describe('a price', () => {
  it.each([
    ['0', 0],
    ['0.68', 0.68],
    ['10000', 10_000],
    ['0.000001', 0.000001],
  ])('%s', (text, price) => {
    expect(parsePrice(text)).toBe(price);
  });

  it.each(['', '-1', '10000.01', '1e3', '0,68', '$1', '1.', '.5', ' 1', '0.0000001', 'Infinity', '0x10'])(
    '%j is refused',
    (text) => {
      const error = { code: 'PRICE', exitCode: ExitCode.usage };
      expect(() => parsePrice(text)).toThrow(expect.objectContaining(error));
    },
  );
});
