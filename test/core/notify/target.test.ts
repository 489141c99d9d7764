import { describe, expect, test } from 'vitest';
import { parseTarget, shownUrl, withoutTarget, type Target } from '../../../src/core/notify/target.ts';

function target(url: string): Target {
  const parsed = parseTarget(url, null);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

describe('a target', () => {
  test.each([
    ['https://hooks.slack.com/services/T00/B00/xyz', 'slack'],
    ['https://discord.com/api/webhooks/123/abc/slack', 'slack'],
    ['https://chat.example.com/hooks/abcdefghijklmnopqrstuvwxyz', 'slack'],
    ['https://chat.example.com/team/hooks/abcdefghijklmnopqrstuvwxyz', 'slack'],
    ['http://relay.internal/services/T00/B00/xyz', 'slack'],
    ['https://hooks.slack.com.evil.example/services', 'json'],
    ['https://example.com/hooks/replay', 'json'],
    ['http://10.0.0.1:8080/', 'json'],
  ])('%s is sent the form %s', (url, form) => {
    expect(target(url).form).toBe(form);
    expect(parseTarget(url, 'json')).toMatchObject({ form: 'json' });
  });

  test.each([
    ['hooks', 'it is not a URL'],
    ['ftp://example.com/secret', 'it begins with neither https:// nor http://'],
    ['https://%ff:x@example.com/', 'its user or password is not readable'],
  ])('%s is refused', (url, reason) => {
    expect(parseTarget(url, null)).toBe(reason);
  });

  test('has a key that stays the same in later versions: what it was told is kept under it', () => {
    expect(target('https://example.com/hook').key).toBe('19f1352238b91533');
  });

  test('has a name without anything secret, and other secrets are other targets', () => {
    const [one, other] = ['aaaaaa', 'bbbbbb'].map((secret) =>
      target(`https://u:pw@example.com:81/${secret}?k=v`),
    );
    expect(one!.name).toMatch(/^example\.com:81 \([0-9a-f]{6}\)$/u);
    expect(one!.key).not.toBe(other!.key);
    expect(JSON.stringify([one!.key, one!.name])).not.toMatch(/aaaaaa|pw/u);
  });

  test('keeps user and password out of the URL, and sends them as a header', () => {
    expect(target('https://us%C3%A9r:p%3Aw@example.com/')).toMatchObject({
      url: 'https://example.com/',
      authorization: `Basic ${Buffer.from('usér:p:w').toString('base64')}`,
    });
  });

  test.each([
    ['https://u:pw@example.com/secret?x=1', 'https://example.com/…'],
    ['ftp://u:pw@example.com/secret', 'ftp://example.com/…'],
    ['mailto:secret@example.com', 'a text that is not a URL'],
    ['https:/secret', 'a text that is not a URL'],
    ['secret', 'a text that is not a URL'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  test('is taken out of texts that quote it', () => {
    const quoted = target('https://u:pw@example.com/services/T0000000/secret-part?token=abcdef123');
    const text = `no ${quoted.url} nor /services/T0000000/secret-part, "abcdef123" ${quoted.authorization}`;
    expect(withoutTarget(text, quoted)).toBe(
      'no [redacted] nor /[redacted]/[redacted]/[redacted], "[redacted]" [redacted]',
    );
  });
});
