import { describe, expect, test } from 'vitest';
import { harmless } from '../../../src/core/notify/harmless.ts';
import { bodyOf, messageOf } from '../../../src/core/notify/message.ts';
import { aNotification, notifications } from './builders.ts';

function slack(...told: Parameters<typeof aNotification>): string {
  return slackText([aNotification(...told)]);
}

function slackText(list: ReturnType<typeof notifications>): string {
  return (JSON.parse(bodyOf(messageOf(list), 'slack')) as { text: string }).text;
}

describe('a message', () => {
  test('of one notification has its id', () => {
    expect(messageOf([aNotification({ id: 'x' })]).id).toBe('x');
  });

  test('of several has an id that follows from theirs', () => {
    const [a, b] = [messageOf(notifications(2)).id, messageOf(notifications(2)).id];
    expect(a).toBe(b);
    expect(a).toMatch(/^several\/[0-9a-f]{32}$/u);
    expect(messageOf(notifications(3)).id).not.toBe(a);
  });

  test('in JSON is the notifications as they are', () => {
    const list = notifications(2);
    const message = messageOf(list);
    expect(JSON.parse(bodyOf(message, 'json'))).toEqual({ version: 1, id: message.id, notifications: list });
  });
});

describe('the Slack form', () => {
  test('names the orchestrator, and links to it', () => {
    expect(slack({ url: 'https://replay.example/job?a=1&b=2' })).toBe(
      '[orchestrator-1] Run 1: something <https://replay.example/job?a=1&amp;b=2|details>',
    );
  });

  test('lets no text from a worker call anybody or hide a link', () => {
    const text = slack({ text: '<!channel> & <https://evil|x> @everyone' });
    expect(text).toBe('[orchestrator-1] &lt;!channel&gt; &amp; &lt;https://evil|x&gt; @\u200beveryone');
  });

  test('cuts no escape in two', () => {
    const text = slack({ text: '&'.repeat(1500) });
    expect(text.length).toBeLessThanOrEqual(700);
    expect(text).toMatch(/^\[orchestrator-1\] (?:&amp;)+…$/u);
  });

  test('of many says how many there are, the most important first, within what Slack and Discord take', () => {
    const text = slackText([
      ...notifications(90),
      ...notifications(1, 'mismatch'),
      ...notifications(1, 'run-ended'),
    ]);
    const lines = text.split('\n');
    expect(lines[0]).toBe('92 notifications: 1 run-ended, 1 mismatch, 90 job-failed');
    expect(lines.at(-1)).toMatch(/^• and \d+ more$/u);
    expect(lines.length - 2 + Number(/\d+/u.exec(lines.at(-1)!)![0])).toBe(92);
    expect(text.length).toBeLessThanOrEqual(2000);
  });
});

describe('text from the network', () => {
  test.each([
    ['is one line', 'a\r\nb\u2028c', 'a b c'],
    ['has no control codes', 'a\u001b[31mb\u009bc', 'a [31mb c'],
    ['does not turn around', 'a\u202eb', 'a b'],
    ['has no half characters', 'a\ud800b', 'a\ufffdb'],
    ['is not too long', 'abcdefghijkl', 'abcdefghi…'],
    ['is not cut inside a character', 'abcdefgh\u{1f600}xyz', 'abcdefgh…'],
  ])('%s', (_what, text, shown) => {
    expect(harmless(text, 10)).toBe(shown);
  });
});
