import type { Route } from '../http/app.ts';
import { HTML_TYPE, HttpError, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { cookieName, readCookie, setCookie } from './cookie.ts';
import { refuseForeignPages } from './refuse-foreign.ts';
import { SESSION_MS, type Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import { signedInPage, signInPage } from './sign-in-page.ts';
import type { Grant, TokenList } from './token-list.ts';

/** Bytes of the form. */
const FORM_LIMIT = 8 * 1024;
const START = '/';

export interface SignInParts {
  tokens: TokenList;
  sessions: Sessions;
  signIn: SignIn;
  now: () => Date;
}

/** GET and POST /signin, POST /signout: how a browser gets its cookie and gives it back. */
export function signInRoutes(parts: SignInParts): Route[] {
  return [
    {
      path: '/signin',
      GET: async (request) => showForm(request, parts),
      POST: async (request) => signIn(request, parts),
    },
    { path: '/signout', POST: async (request) => signOut(request, parts) },
  ];
}

async function showForm(request: ApiRequest, { tokens, sessions, now }: SignInParts): Promise<Reply> {
  await tokens.refresh();
  const next = localPath(request.query.get('next'));
  const id = readCookie(request.header('cookie'), cookieName(request.port));
  const tokenId = id === null ? null : sessions.tokenOf(id);
  const grant = tokenId === null ? null : tokens.byId(tokenId, now());
  return html(200, grant ? signedInPage(grant.rights, next) : signInPage({ next }));
}

async function signIn(request: ApiRequest, { signIn, sessions }: SignInParts): Promise<Reply> {
  // Else a page elsewhere could sign a browser in with a token of its own choice.
  refuseForeignPages(request);
  const form = new URLSearchParams(await request.body(FORM_LIMIT));
  const next = localPath(form.get('next'));
  let grant: Grant;
  try {
    grant = await signIn.check(request, (form.get('token') ?? '').trim());
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const page = signInPage({ next, problem: `${error.message}.` });
    return { ...html(error.status, page), headers: error.details.headers ?? {} };
  }
  const value = sessions.begin(grant.tokenId);
  return redirect(next, request, value, SESSION_MS / 1000);
}

async function signOut(request: ApiRequest, { sessions }: SignInParts): Promise<Reply> {
  refuseForeignPages(request, { proof: true });
  const id = readCookie(request.header('cookie'), cookieName(request.port));
  if (id !== null) sessions.end(id);
  return redirect('/signin', request, '', 0);
}

function redirect(to: string, request: ApiRequest, value: string, maxAgeSeconds: number): Reply {
  const cookie = setCookie({
    name: cookieName(request.port),
    value,
    maxAgeSeconds,
    secure: cameByHttps(request),
  });
  return { status: 303, headers: { Location: to, 'Set-Cookie': cookie } };
}

/** A trusted proxy says so; or the browser does, by the origin of the page with the form. */
function cameByHttps(request: ApiRequest): boolean {
  return request.https || (request.header('origin')?.startsWith('https://') ?? false);
}

/** A path on this server, or the start page: nobody is to be sent elsewhere after signing in. */
export function localPath(next: string | null): string {
  return next !== null && next.length <= 2000 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)
    ? next
    : START;
}

function html(status: number, body: string): Reply {
  return { status, type: HTML_TYPE, body };
}
