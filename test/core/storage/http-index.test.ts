import { expect, test } from 'vitest';
import { parseIndex } from '../../../src/core/storage/http-index.ts';

const FOLDER = 'https://host/data/blocks/';

const names = (html: string) => parseIndex(`<html>${html}</html>`, FOLDER)?.map((file) => file.name);

test.each([
  ['<a href="a.log">a</a>', ['a.log']],
  ["<A class=x HREF='a.log'>a</A>", ['a.log']],
  ['<a\n title="x" href = "a.log">a</a>', ['a.log']],
  [
    '<a href="./a.log"><a href="/data/blocks/b.log"><a href="https://host/data/blocks/c.log">',
    ['a.log', 'b.log', 'c.log'],
  ],
  ['<a href="a.log"><a href="a.log">', ['a.log']],
  ['<a href="a%20b%2Bc.log?download=1#x">', ['a b+c.log']],
  ['<a href="a&amp;b&#39;&#x3d;.log">', ["a&b'=.log"]],
  ['<a href="100%.log">', ['100%.log']],
  [
    '<a href="../"><a href="folder/"><a href="folder/a.log"><a href="?C=N;O=D"><a href="#top"><a href="">',
    [],
  ],
  ['<a href="/a.log"><a href="https://other/data/blocks/a.log"><a href="mailto:x@y"><a href="http://[">', []],
  ['<a href="..%2F..%2Fetc%2Fpasswd">', []],
])('%s', (html, expected) => {
  expect(names(html)).toEqual(expected);
});

test('the JSON of nginx has sizes', () => {
  const text =
    '[{"name":"old","type":"directory"},{"name":"a.log","type":"file","size":5},{"name":"x/y","type":"file"}]';
  expect(parseIndex(text, FOLDER)).toEqual([{ name: 'a.log', size: 5 }]);
  expect(parseIndex('[]', FOLDER)).toEqual([]);
});

test.each(['', 'It works!', '{"error":"no"}', '[1]', '[{"size":1}]', '[', '<?xml version="1.0"?><Error/>'])(
  '%s is no index',
  (text) => {
    expect(parseIndex(text, FOLDER)).toBeNull();
  },
);
