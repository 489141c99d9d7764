/** The headers by which a browser says which page a request comes from. */
export interface OriginHeaders {
  host: string | undefined;
  origin: string | undefined;
  secFetchSite: string | undefined;
}

/**
 * Where a request comes from.
 * - own: a page of ours, or the person at the browser (address bar, bookmark).
 * - foreign: a page of somebody else.
 * - unknown: not said, as by every program that is no browser.
 *
 * Sec-Fetch-Site is the browser's own judgement; browsers send it over https and to loopback. Elsewhere
 * the Origin of the page is compared with the Host that was asked.
 */
export function originOf({ host, origin, secFetchSite }: OriginHeaders): 'own' | 'foreign' | 'unknown' {
  if (secFetchSite !== undefined) {
    return secFetchSite === 'same-origin' || secFetchSite === 'none' ? 'own' : 'foreign';
  }
  if (origin === undefined) return 'unknown';
  if (host === undefined || !URL.canParse(origin)) return 'foreign';
  return new URL(origin).host === host.toLowerCase() ? 'own' : 'foreign';
}
