import { FULL_RECORD_TYPE } from './full-record.ts';

/** The forms in which a thing can be answered. */
export type Form = 'full' | 'html' | 'json' | 'text';

const MEDIA_TYPES: Record<Form, string> = {
  full: FULL_RECORD_TYPE,
  html: 'text/html',
  json: 'application/json',
  text: 'text/plain',
};

/** What a path offers: a form, and whether a range with `*` may choose it or only its own name. */
interface Offer {
  form: Form;
  byName: boolean;
}

/**
 * The order in which a path prefers its forms when the caller likes several equally. These orders
 * are the older service's: on /job, text wins as soon as `text/plain` or a wildcard is accepted; on
 * the others a form that is named wins over a wildcard, and a wildcard alone means the last resort.
 */
export const OFFERS = {
  job: [named('full'), any('text'), any('json'), named('html')],
  status: [named('full'), named('html'), named('json'), any('text'), any('json')],
  summary: [named('html'), named('json'), any('text'), any('json')],
  config: [named('html'), any('json')],
  page: [named('html'), any('json')],
} satisfies Record<string, Offer[]>;

interface MediaRange {
  type: string;
  q: number;
}

/**
 * Chooses the form for an Accept header (RFC 9110, 12.5.1: highest q wins, the most specific range
 * sets the q of a type). A missing header counts as `*`/`*`. When nothing fits, `fallback` is
 * answered rather than 406, as the older service did.
 */
export function negotiate(accept: string | undefined, offers: readonly Offer[], fallback: Form): Form {
  const ranges = parseAccept(accept?.trim() ? accept : '*/*');
  let best: { form: Form; q: number } | null = null;
  for (const { form, byName } of offers) {
    const range = mostSpecific(ranges, MEDIA_TYPES[form]);
    if (!range || range.q === 0 || (byName && range.type !== MEDIA_TYPES[form])) continue;
    if (!best || range.q > best.q) best = { form, q: range.q };
  }
  return best?.form ?? fallback;
}

/** Whether the caller wants errors as JSON on the paths that are ours (PROTOCOL section 4). */
export function prefersJson(accept: string | undefined): boolean {
  return negotiate(accept, [any('text'), named('json')], 'text') === 'json';
}

function parseAccept(header: string): MediaRange[] {
  return header.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (!type.includes('/')) return [];
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    return [{ type, q: weight >= 0 && weight <= 1 ? weight : 0 }];
  });
}

function mostSpecific(ranges: MediaRange[], type: string): MediaRange | undefined {
  const family = `${type.split('/')[0]}/*`;
  return [type, family, '*/*']
    .map((wanted) => ranges.find((range) => range.type === wanted))
    .find((range) => range !== undefined);
}

function named(form: Form): Offer {
  return { form, byName: true };
}

function any(form: Form): Offer {
  return { form, byName: false };
}
