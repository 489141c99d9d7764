import { expect, test } from 'vitest';
import { outlookText } from '../../../src/core/format/outlook.ts';

function left(hours: number) {
  return { low_seconds: hours * 3000, likely_seconds: hours * 3600, high_seconds: hours * 4200 };
}

const OUTLOOK = {
  boot_seconds: 180,
  time_left: left(6),
  time_left_with_hosts: left(2),
  usd: 6,
  usd_with_hosts: 8.5,
};

test.each([
  [
    'the end and the cost, with them and without',
    4,
    OUTLOOK,
    'With these 4 hosts the run ends in about 2 h 00 min (1 h 40 min to 2 h 20 min), without them in 6 h 00 min. Until then the fleet costs about $8.50, without them $6.00.',
  ],
  [
    'that nobody works on it otherwise',
    1,
    { ...OUTLOOK, time_left: null, usd: null },
    'With this host the run ends in about 2 h 00 min (1 h 40 min to 2 h 20 min), without it nobody works on it. Until then the fleet costs about $8.50.',
  ],
  [
    'that they do not help',
    2,
    { ...OUTLOOK, time_left: left(2), usd: null, usd_with_hosts: null },
    'With these 2 hosts the run ends in about 2 h 00 min (1 h 40 min to 2 h 20 min), and no later without them.',
  ],
  [
    'that it cannot be told yet',
    2,
    null,
    'When the run ends cannot be told yet: too few slices were replayed.',
  ],
])('it says %s', (_, count, outlook, text) => {
  expect(outlookText(count, outlook)).toBe(text);
});
