import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContextOptions } from 'playwright-core';
import { playGate, playNight } from '../test/browser/support/night.ts';

/**
 * Takes the pictures of the documentation: the built file with a run behind it that is played over HTTP.
 * `npm run screenshots [-- FOLDER]`.
 */
interface Picture {
  name: string;
  path: string;
  /** What has to be there before the picture is taken. */
  ready: string;
  /** Only what a window shows, of pages that go on for long. */
  window?: boolean;
  /** Only this element. */
  part?: string;
  /** Of an orchestrator that asks for a token. */
  gate?: boolean;
}

/** A new page belongs here. */
const PICTURES: readonly Picture[] = [
  { name: 'progress', path: '/', ready: '.plots canvas' },
  { name: 'jobs', path: '/jobs?sort=-state', ready: '.jobs-body [data-row]', window: true },
  { name: 'job', path: '/slices/62', ready: '.configuration' },
  { name: 'runs', path: '/runs', ready: 'main tbody tr' },
  { name: 'control', path: '/control', ready: '.check-result .tone-good' },
  { name: 'hosts', path: '/hosts', ready: '.hosts tbody tr:not([hidden])' },
  { name: 'fleet', path: '/hosts', ready: '.shortfalls li', part: '.fleet' },
  { name: 'compare', path: '/runs/compare?a=1&b=2', ready: '.comparison', window: true },
  { name: 'signin', path: '/signin', ready: 'form', part: 'main', gate: true },
];

const WIDE = { viewport: { width: 1280, height: 900 } };
const LOOKS: readonly [suffix: string, options: BrowserContextOptions][] = [
  ['light', { ...WIDE, colorScheme: 'light' }],
  ['dark', { ...WIDE, colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
];

const folder = process.argv[2] ?? 'docs/images';
await mkdir(folder, { recursive: true });
const [night, gate] = [await playNight({ whole: true }), await playGate()];
const browser = await chromium.launch({
  executablePath: process.env['REPLAY_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  for (const { name, path, ready, window = false, part, gate: isGate = false } of PICTURES) {
    for (const [suffix, options] of LOOKS) {
      const context = await browser.newContext({
        ...options,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto((isGate ? gate : night).url + path);
      await page.locator(ready).first().waitFor();
      const file = join(folder, `${name}-${suffix}.png`);
      if (part === undefined) await page.screenshot({ path: file, fullPage: !window });
      else await page.locator(part).screenshot({ path: file });
      process.stdout.write(`${file}\n`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await night.end();
  await gate.end();
}
