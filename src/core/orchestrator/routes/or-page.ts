import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import type { Handler } from '../http/app.ts';
import { PAGE } from '../http/reply.ts';

/** A path that programs read as JSON; who names HTML, as browsers do, gets the page that shows the same. */
export function orPage(handler: Handler): Handler {
  return async (request) => {
    if (negotiate(request.header('accept'), OFFERS.page, 'json') === 'html') return PAGE;
    const reply = await handler(request);
    return { ...reply, headers: { Vary: 'Accept, Accept-Encoding', ...reply.headers } };
  };
}
