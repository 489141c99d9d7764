import type { SetAsideHost } from '../../domain/host-health.ts';
import { HttpError } from '../http/reply.ts';

/** The refusal of a host that gets no jobs for now. Workers know it by how it begins. */
export function setAsideError({ failures }: SetAsideHost): HttpError {
  const causes = failures.map(({ cause }) => cause).join(', ');
  return new HttpError(
    403,
    `This host is set aside: its last ${failures.length} attempts failed (${causes}). It gets jobs again when its self-check is well or a person clears it.`,
    { code: 'HOST_SET_ASIDE', hint: 'POST /host/clear?worker=ID lets it have jobs again.' },
  );
}
