import { quote } from '../../evidence/shell.ts';

/**
 * Shell lines that write a file with just this content.
 * @param content ends in a line feed
 */
export function writeFileLines(path: string, mode: string, content: string): string {
  const mark = 'END_OF_FILE';
  if (content.split('\n').includes(mark)) throw new Error(`${path} contains the line ${mark}`);
  const target = quote(path);
  return [
    `cat >${target}.new <<'${mark}'`,
    content.replace(/\n$/, ''),
    mark,
    `chmod ${mode} ${target}.new`,
    `mv -f ${target}.new ${target}`,
  ].join('\n');
}

/** A script without its lines of comments, where room is short. */
export function withoutComments(script: string): string {
  return script.replaceAll(/^ *# .*\n/gm, '');
}
