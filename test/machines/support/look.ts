import type { Machine } from './machine.ts';

const MARK = '\u0001';

/**
 * What several scripts of the shell say in a machine, without the last line feed; asked at once, since every
 * question takes its time there. A script that fails says so in its last line.
 */
export async function look<Name extends string>(
  machine: Machine,
  scripts: Record<Name, string>,
): Promise<Record<Name, string>> {
  const lines = Object.entries<string>(scripts).map(
    ([name, script]) => `printf '${MARK}${name}\\n'; (${script}\n) || echo "failed with $?"`,
  );
  const parts = (await machine.read(lines.join('\n'))).split(MARK).slice(1);
  const said = parts.map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1).replace(/\n$/, '')] as const;
  });
  return Object.fromEntries(said) as Record<Name, string>;
}
