import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { openApiDocument } from '../openapi/document.ts';

/** GET /openapi.json: the HTTP interface, for programs. */
export async function getOpenApi({ port }: ApiRequest, version: string): Promise<Reply> {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(openApiDocument(version, port)) };
}
