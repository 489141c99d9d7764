/** One series of the Prometheus text format. */
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  type: string;
  help: string;
  series: Series[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/uy;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, 'u');
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`, 'u');
const VALUE = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/u;

/**
 * Reads the text format 0.0.4, and is strict: help and type once and before the samples of a family, all
 * of its samples together, no series twice, a line feed at the end.
 * @throws Error that names the line
 */
export function parsePrometheus(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('no line feed at the end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = COMMENT.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      const family = families.get(name);
      if (kind === 'HELP' && family) throw new Error(`twice: ${line}`);
      if (kind === 'HELP') families.set(name, { type: '', help: rest, series: [] });
      else if (!family || family.type !== '' || current !== name) throw new Error(`out of place: ${line}`);
      else family.type = rest;
      current = name;
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`not understood: ${line}`);
    const [, name = '', labels = '', value = ''] = sample;
    const family = families.get(current);
    const own = family?.type === 'histogram' ? name.replace(/_(?:bucket|sum|count)$/u, '') : name;
    if (!family || own !== current) throw new Error(`outside of its family: ${line}`);
    if (!VALUE.test(value)) throw new Error(`no value: ${line}`);
    const key = `${name}{${labels}}`;
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    family.series.push({
      name,
      labels: parseLabels(labels),
      value: Number(value.replace('Inf', 'Infinity')),
    });
  }
  for (const [name, { type }] of families) if (type === '') throw new Error(`${name} has no type`);
  return families;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const match = LABEL.exec(text);
    if (!match) throw new Error(`labels not understood: ${text}`);
    const [, name = '', value = ''] = match;
    labels[name] = value.replaceAll(/\\(.)/gu, (_, char: string) => (char === 'n' ? '\n' : char));
  }
  return labels;
}
