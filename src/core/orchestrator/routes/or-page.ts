import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import type { Handler } from '../http/app.ts';
import { HttpError, PAGE } from '../http/reply.ts';

/** A path that programs read as JSON; who names HTML, as browsers do, gets the page that shows the same. */
export function orPage(handler: Handler): Handler {
  return async (request) => {
    if (negotiate(request.header('accept'), OFFERS.page, 'json') === 'html') return PAGE;
    const reply = await handler(request);
    return { ...reply, headers: { Vary: 'Accept, Accept-Encoding', ...reply.headers } };
  };
}

/** A path that answers in several forms; of what is not there, a browser gets the page that says so. */
export function orMissingPage(form: keyof typeof OFFERS, handler: Handler): Handler {
  return async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      const isMissing = error instanceof HttpError && error.status === 404;
      if (!isMissing || negotiate(request.header('accept'), OFFERS[form], 'json') !== 'html') throw error;
      return { ...PAGE, status: 404 };
    }
  };
}
