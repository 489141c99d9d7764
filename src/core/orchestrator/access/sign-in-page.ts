import { escapeHtml, page } from '../pages/html.ts';

export interface SignInPage {
  /** Where to go afterwards; a path of ours. */
  next: string;
  /** Why the last try failed. */
  problem?: string;
}

/** A plain form. No script is needed, and the page's policy would allow none. */
export function signInPage({ next, problem }: SignInPage): string {
  const told =
    problem === undefined
      ? ''
      : `<p role="alert" class="tone-bad"><strong>${escapeHtml(problem)}</strong></p>\n`;
  return page(
    'Sign in',
    `${told}<form method="post" action="/signin">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<p><label>Token<br><input type="password" name="token" required autofocus autocomplete="current-password" size="40"></label></p>
<p><button type="submit" class="primary">Sign in</button></p>
</form>
<p>The token is the one that <code>replay serve</code> was started with or made, or one of <code>replay tokens create</code>.</p>`,
  );
}

/** @param rights those of the token with which the browser signed in */
export function signedInPage(rights: readonly string[], next: string): string {
  return page(
    'Signed in',
    `<p>Rights: ${escapeHtml(rights.join(', '))}. <a href="${escapeHtml(next)}">Go on</a></p>
<form method="post" action="/signout"><p><button type="submit">Sign out</button></p></form>`,
  );
}
