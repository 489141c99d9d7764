import { blockNumberOf, isHash } from '../log/block-id.ts';

export type IntegrityCheck =
  | { readonly ok: true; readonly hash: string; readonly headId: string }
  | { readonly ok: false; readonly message: string };

/**
 * Checks what `/v1/producer/get_integrity_hash` answered (status 201):
 * `{"head_block_id": "…", "integrity_hash": "…"}`. The first eight hex digits of the id are the
 * block's number. The hash counts only if it is of the end block, and if the node that answered is
 * the one that we started: another one on the same port answered once.
 *
 * @param headId id of the end block, as our own process logged it; null when it logs none (Leap).
 */
export function checkIntegrityAnswer(body: unknown, endBlock: number, headId: string | null): IntegrityCheck {
  const answer = fields(body);
  if (answer === null)
    return refuse('the answer to get_integrity_hash has no whole head_block_id and integrity_hash');
  const block = blockNumberOf(answer.id);
  if (block !== endBlock)
    return refuse(`the answer to get_integrity_hash is for block ${block}, and the end block is ${endBlock}`);
  if (headId !== null && answer.id !== headId)
    return refuse(
      `the answer to get_integrity_hash is for block ${answer.id}, and our nodeos has ${headId}: ` +
        'another node answered on this port, or it is on another fork',
    );
  return { ok: true, hash: answer.hash, headId: answer.id };
}

function fields(body: unknown): { id: string; hash: string } | null {
  if (typeof body !== 'object' || body === null) return null;
  const { head_block_id: id, integrity_hash: hash } = body as Record<string, unknown>;
  if (typeof id !== 'string' || typeof hash !== 'string') return null;
  return isHash(id) && isHash(hash) ? { id, hash } : null;
}

function refuse(message: string): IntegrityCheck {
  return { ok: false, message };
}
