import { expect, test } from 'vitest';
import { parseHostsFile } from '../../../../src/core/hosts/settings/hosts-file.ts';

test('names one machine a line; comments and empty lines count for nothing', () => {
  const text =
    '\uFEFF# the rack\n\n  admin@10.0.0.7  # upper\r\nssh://root@[fd00::9]:2222\n#admin@10.0.0.8\nhost#1';
  expect(parseHostsFile(text, 'rack')).toEqual({
    hosts: ['admin@10.0.0.7', 'ssh://root@[fd00::9]:2222', 'host#1'],
    mistakes: [],
  });
});

test('all mistakes are told, each with its line', () => {
  const text = ['admin@10.0.0.7', '-oProxyCommand=sh', 'a b c', '', 'admin@10.0.0.7', 'x'.repeat(300)].join(
    '\n',
  );
  const { mistakes } = parseHostsFile(text, 'rack');
  expect(mistakes).toEqual([
    'rack:2: "-oProxyCommand=sh" is no machine; expected what ssh takes, such as admin@10.0.0.7 or ssh://root@10.0.0.9:2222',
    'rack:3: 3 words; expected one machine a line',
    'rack:5: "admin@10.0.0.7" is there twice, first in line 1',
    expect.stringMatching(/^rack:6: "x+/),
  ]);
});

test.each(['', '\n\n', '# nothing\n'])('%j names none, which is a mistake', (text) => {
  expect(parseHostsFile(text, 'rack')).toEqual({ hosts: [], mistakes: ['rack: it names no machine'] });
});
