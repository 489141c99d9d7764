import type { IncomingMessage, ServerResponse } from 'node:http';

const CODES: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  500: 'InternalError',
  503: 'SlowDown',
};

/** An S3 error: XML on GET, a bare status on HEAD, as the real one does. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code = CODES[status] ?? 'Error',
  headers: Record<string, string> = {},
): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message><RequestId>1</RequestId></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}
