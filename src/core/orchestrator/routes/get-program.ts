import type { Context } from '../context.ts';
import { HttpError, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** GET /replay: the file of this program. A part of it for a download that goes on (RFC 9110, 14). */
export async function getProgram(request: ApiRequest, { program }: Context): Promise<Reply> {
  if (program === null) {
    throw new HttpError(404, 'This orchestrator does not run from the single file', {
      code: 'NO_PROGRAM_FILE',
      hint: 'Start it with the file that npm run build makes.',
    });
  }
  const { path, size, sha256 } = await program.file();
  const etag = `"${sha256}"`;
  const headers = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Content-Disposition': 'attachment; filename="replay"',
  };
  const type = 'application/octet-stream';
  const asked = request.header('if-range') ?? etag;
  const range = asked === etag ? rangeOf(request.header('range'), size) : null;
  if (range === null) return { status: 200, type, headers, file: { path, from: 0, length: size } };
  if (range === 'outside') {
    throw new HttpError(416, `The file has ${size} bytes`, {
      code: 'RANGE_OUTSIDE',
      headers: { 'Content-Range': `bytes */${size}` },
    });
  }
  const { first, last } = range;
  return {
    status: 206,
    type,
    headers: { ...headers, 'Content-Range': `bytes ${first}-${last}/${size}` },
    file: { path, from: first, length: last - first + 1 },
  };
}

/** One range; several, or another form, may be answered with the whole, and null stands for that. */
function rangeOf(
  header: string | undefined,
  size: number,
): { first: number; last: number } | 'outside' | null {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return null;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? 'outside' : { first, last };
}
