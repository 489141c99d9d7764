/** Line breaks would begin another line of the unit, and nobody means other control characters. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f]/;

/**
 * A command for ExecStart (systemd.service(5), "Command lines"): each word comes out as it is here, whatever
 * is in it.
 * @throws Error for control characters
 */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function quote(word: string): string {
  if (CONTROL.test(word)) throw new Error('a word of a unit contains a control character');
  // % begins a specifier and $ a variable, also in quotes.
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[\w@%+=:,./$-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
