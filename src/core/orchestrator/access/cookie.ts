/**
 * The name of the session's cookie. Browsers keep cookies by host and not by port: two orchestrators
 * on one host must not overwrite each other's.
 */
export function cookieName(port: number): string {
  return `replay_session_${port}`;
}

/** The value of a cookie in a header Cookie; null when it is not there. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}

export interface CookieOptions {
  name: string;
  value: string;
  /** 0 removes the cookie. */
  maxAgeSeconds: number;
  /** The browser came by https. */
  secure: boolean;
}

/** A header Set-Cookie: no script can read the cookie, and no other site's page makes the browser send it. */
export function setCookie({ name, value, maxAgeSeconds, secure }: CookieOptions): string {
  const attributes = ['Path=/', `Max-Age=${maxAgeSeconds}`, 'HttpOnly', 'SameSite=Strict'];
  return [`${name}=${value}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}
