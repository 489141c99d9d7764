const MOST_CHARACTERS = 80;

/** A value of a manifest in a message: as JSON, cut when it is long, and without credentials in URLs. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return showText(value);
  return cut(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? redact(inner) : inner)),
  );
}

function showText(text: string): string {
  return cut(JSON.stringify(redact(text)));
}

/** Messages end up in logs and reports; signed URLs and passwords must not. */
function redact(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]*@/, '$1***@').replace(/^(https?:\/\/[^?]*)\?.*/s, '$1?***');
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
