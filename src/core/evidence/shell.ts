/** Control characters, line separators, and those that turn the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu;

/** A word of bash's command line, whatever it contains. It stays on one line, and drives no terminal. */
export function quote(word: string): string {
  // A NUL cannot be part of an argument at all.
  const text = word.replaceAll('\0', '');
  if (/^[\w@%+=:,./-]+$/u.test(text)) return text;
  if (text.search(UNSEEN) === -1) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = text
    .replaceAll(/[\\']/gu, String.raw`\$&`)
    .replaceAll(UNSEEN, (character) =>
      Array.from(Buffer.from(character), (byte) => String.raw`\x${byte.toString(16).padStart(2, '0')}`).join(
        '',
      ),
    );
  return `$'${escaped}'`;
}

/** Text on one line and without control characters: for a comment, or a sentence. */
export function plain(text: string): string {
  return text.replaceAll(UNSEEN, ' ').replaceAll(/ {2,}/gu, ' ').trim();
}
