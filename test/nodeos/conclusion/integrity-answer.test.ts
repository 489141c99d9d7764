import { describe, expect, test } from 'vitest';
import { checkIntegrityAnswer } from '../../../src/nodeos/conclusion/integrity-answer.ts';
import { allLogs, integrityAnswer, trueHash } from '../log/recorded.ts';

const ID = '000007d47c0115ae262e5db075767daa6625a82ea7ace1542f9d447cd96efe04';
const HASH = '6928d18bc370c09b41ff8391a65e38821849d63aa559719b1fc1dc70bf2b1e21';
const answer = { head_block_id: ID, integrity_hash: HASH };

test('the hash counts when it is of the end block', () => {
  expect(checkIntegrityAnswer(answer, 2004, ID)).toEqual({ ok: true, hash: HASH, headId: ID });
  expect(checkIntegrityAnswer({ ...answer, more: 1 }, 2004, null)).toEqual({
    ok: true,
    hash: HASH,
    headId: ID,
  });
});

test('it says which block the answer is for', () => {
  expect(checkIntegrityAnswer(answer, 2005, ID)).toEqual({
    ok: false,
    message: 'the answer to get_integrity_hash is for block 2004, and the end block is 2005',
  });
});

test('another node on the same port is found out by the id', () => {
  const check = checkIntegrityAnswer(answer, 2004, ID.replace(/4$/, '5'));
  expect(check).toMatchObject({ ok: false, message: expect.stringContaining('another node answered') });
});

test.each([
  null,
  undefined,
  'text',
  42,
  [],
  {},
  { head_block_id: ID },
  { integrity_hash: HASH },
  { ...answer, integrity_hash: '' },
  { ...answer, integrity_hash: HASH.slice(1) },
  { ...answer, head_block_id: 2004 },
  { ...answer, head_block_id: `${ID}00` },
])('%j is no answer', (body) => {
  expect(checkIntegrityAnswer(body, 2004, null)).toEqual({
    ok: false,
    message: 'the answer to get_integrity_hash has no whole head_block_id and integrity_hash',
  });
});

describe('every recorded answer', () => {
  const answers = allLogs().flatMap((name) => {
    const body = integrityAnswer(name) as typeof answer | undefined;
    return body === undefined
      ? []
      : [{ name, body, block: Number.parseInt(body.head_block_id.slice(0, 8), 16) }];
  });

  test('is there', () => expect(answers.length).toBe(40));

  test.each(answers)('$name: block $block', ({ name, body, block }) => {
    const known = trueHash(name, block) ?? body.integrity_hash;
    expect(checkIntegrityAnswer(body, block, null)).toMatchObject({ ok: true, hash: known });
    expect(checkIntegrityAnswer(body, block + 1, null).ok).toBe(false);
  });
});
