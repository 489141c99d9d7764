import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const CHROMIUM = process.env['REPLAY_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts Debian's Chromium. */
export function launchChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `${CHROMIUM} is missing: install Debian's package chromium, or run "npm test", which does.`,
    );
  }
  // The sandbox needs rights that containers and root do not have; nothing but our own pages is opened.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface OpenOptions extends BrowserContextOptions {
  /** What the test itself provokes in the browser's console; anything else there fails the test. */
  expectedErrors?: RegExp;
  /** Called before the address is opened. */
  prepare?: (page: Page) => Promise<void>;
}

export interface Chromium {
  /** Opens an address in a window of its own, with its own cookies. */
  open(url: string, options?: OpenOptions): Promise<Page>;
}

/** One browser for a file of tests. What a page complains about, or loads from elsewhere, fails its test. */
export function useChromium(): Chromium {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    open: async (url, { expectedErrors, prepare, ...options } = {}) => {
      const context = await browser!.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
      context.setDefaultTimeout(30_000);
      const complaints: string[] = [];
      const page = await context.newPage();
      page.on('console', (message) => {
        const { type, text } = { type: message.type(), text: message.text() };
        if (type === 'error' && expectedErrors?.test(text) !== true) complaints.push(text);
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== 'data:' && origin !== new URL(url).origin) complaints.push(`loads ${request.url()}`);
      });
      onTestFinished(async () => {
        await context.close();
        if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
      });
      await prepare?.(page);
      await page.goto(url);
      return page;
    },
  };
}
