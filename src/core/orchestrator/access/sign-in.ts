import type { Logger } from '../../log/logger.ts';
import { HttpError } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import type { SignInGuard } from './sign-in-guard.ts';
import { hashToken } from './token.ts';
import type { Found, Grant, TokenList } from './token-list.ts';
import { unauthorized } from './unauthorized.ts';

/** Checks tokens that are presented, in a header or in the form. */
export class SignIn {
  readonly #tokens: TokenList;
  readonly #guard: SignInGuard;
  readonly #logger: Logger;
  readonly #now: () => Date;

  constructor(tokens: TokenList, guard: SignInGuard, logger: Logger, now: () => Date) {
    this.#tokens = tokens;
    this.#guard = guard;
    this.#logger = logger;
    this.#now = now;
  }

  /**
   * What the token gives. The answer to a wrong one takes its time.
   * @throws HttpError 401, or 429 when too many are being tried
   */
  async check(request: ApiRequest, token: string): Promise<Grant> {
    await this.#tokens.refresh();
    const hash = hashToken(token);
    const find = (): Found => this.#tokens.find(hash, this.#now());
    // One that was made a moment ago: whoever has just made it uses it at once.
    if (find().kind === 'unknown') await this.#tokens.reload();
    const checked = await this.#guard.check(request.address, hash, find);
    switch (checked.kind) {
      case 'valid':
        return checked.grant;
      case 'too-many':
        throw new HttpError(429, 'Too many wrong tokens from this address: try again later', {
          code: 'TOO_MANY_SIGN_INS',
          headers: { 'Retry-After': String(checked.retryAfterSeconds) },
        });
      case 'failed': {
        const { reason, failures } = checked;
        this.#logger.warn({ address: request.address, reason, failures }, 'a sign-in has failed');
        throw unauthorized(
          reason === 'expired' ? 'The token has expired' : 'The token is not valid',
          'invalid_token',
        );
      }
      default:
        return checked satisfies never;
    }
  }
}
