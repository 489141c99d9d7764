import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContextOptions } from 'playwright-core';
import { playNight } from '../test/browser/support/night.ts';

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
}

/** A new page belongs here. */
const PICTURES: readonly Picture[] = [
  { name: 'progress', path: '/', ready: '.plots canvas' },
  { name: 'jobs', path: '/jobs?sort=-state', ready: '.jobs-body [data-row]', window: true },
  { name: 'job', path: '/jobs/62', ready: '.configuration' },
  { name: 'runs', path: '/runs', ready: 'main tbody tr' },
  { name: 'control', path: '/control', ready: '.check-result .tone-good' },
  { name: 'hosts', path: '/hosts', ready: 'main tbody tr:not([hidden])' },
];

const WIDE = { viewport: { width: 1280, height: 900 } };
const LOOKS: readonly [suffix: string, options: BrowserContextOptions][] = [
  ['light', { ...WIDE, colorScheme: 'light' }],
  ['dark', { ...WIDE, colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
];

const folder = process.argv[2] ?? 'docs/images';
await mkdir(folder, { recursive: true });
const night = await playNight();
const browser = await chromium.launch({
  executablePath: process.env['REPLAY_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  for (const { name, path, ready, window = false } of PICTURES) {
    for (const [suffix, options] of LOOKS) {
      const context = await browser.newContext({
        ...options,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto(night.url + path);
      await page.locator(ready).first().waitFor();
      const file = join(folder, `${name}-${suffix}.png`);
      await page.screenshot({ path: file, fullPage: !window });
      process.stdout.write(`${file}\n`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await night.end();
}
