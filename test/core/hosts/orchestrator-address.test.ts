import { expect, test } from 'vitest';
import { addressOf } from '../../../src/core/hosts/orchestrator-address.ts';

test.each([
  ['10.0.0.5', '10.0.0.5:4000'],
  ['10.0.0.5:4000', '10.0.0.5:4000'],
  ['http://10.0.0.5:4000/', '10.0.0.5:4000'],
  ['https://replay.example.org', 'replay.example.org'],
  ['http://[fd00::1]:4000', 'fd00::1:4000'],
])('%s is %s', (address, expected) => {
  expect(addressOf(address)).toBe(expected);
});
