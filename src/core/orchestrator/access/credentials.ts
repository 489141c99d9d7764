/** What a header Authorization contains. */
export type Credentials =
  | { kind: 'none' }
  | { kind: 'token'; scheme: 'bearer' | 'basic'; token: string }
  | { kind: 'malformed' };

/**
 * Reads the header. Besides `Bearer` there is `Basic` with the token as the password and any user
 * name: that is what clients send for `http://user:token@host`, also those that know no tokens.
 */
export function readCredentials(header: string | undefined): Credentials {
  if (header === undefined || header.trim() === '') return { kind: 'none' };
  const [, scheme = '', value = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { kind: 'token', scheme: 'bearer', token: value };
    case 'basic':
      return fromBasic(value);
    default:
      return { kind: 'malformed' };
  }
}

function fromBasic(value: string): Credentials {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const token = decoded.slice(colon + 1);
  return colon === -1 || token === '' ? { kind: 'malformed' } : { kind: 'token', scheme: 'basic', token };
}
