const SECRET_KEY =
  /(^|[-_.])(authorization|cookie|password|passwd|secret|token|credentials?)$|(access|secret)[-_]?(access[-_]?)?key|session[-_]?token/i;

const SECRETS_IN_TEXT: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  // The user part of a URL: https://user:password@host
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1[redacted]@'],
  // Signed URLs, and tokens in a query.
  [
    /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|Signature|token|access_token)=)[^&\s"]+/gi,
    '$1[redacted]',
  ],
  // Our own tokens.
  [/\brpl_[\w-]{16,}/g, '[redacted]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[redacted]'],
];

const MAX_DEPTH = 6;

/** A copy of a value without the secrets that its keys or its texts give away. Errors become plain objects. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return redact(errorFields(value), depth);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      SECRET_KEY.test(key) && member !== null ? '[redacted]' : redact(member, depth + 1),
    ]),
  );
}

function redactText(text: string): string {
  return SECRETS_IN_TEXT.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

function errorFields(error: Error): object {
  const { name, message, stack, cause } = error;
  return { ...Object.fromEntries(Object.entries(error)), name, message, stack, cause };
}
