import { describe, expect, test } from 'vitest';
import { problemWith } from '../../../../src/core/protocol/schemas/check.ts';
import { JOB_SCHEMAS } from '../../../../src/core/protocol/schemas/job.ts';
import { RUN_SCHEMAS } from '../../../../src/core/protocol/schemas/run.ts';
import { list, nullable, oneOf, STRING, type Schema } from '../../../../src/core/protocol/schemas/schema.ts';
import { attemptRecord, fullRecord, summaryRecord } from '../records.ts';

const { FullJob } = JOB_SCHEMAS;

describe('a record', () => {
  test('that is whole has nothing wrong with it', () => {
    const job = fullRecord({ attempts: [attemptRecord({}), attemptRecord({ number: 2 })] });
    expect(problemWith(job, FullJob)).toBeNull();
    expect(problemWith(summaryRecord(), RUN_SCHEMAS.Summary)).toBeNull();
  });

  test('may have fields that a later version has added', () => {
    const attempts = [{ ...attemptRecord({}), power_used: 3 }];
    expect(problemWith({ ...fullRecord({}), attempts, priority: 'high' }, FullJob)).toBeNull();
  });

  test('may have a cause that a later version has added, as long as it is a word', () => {
    expect(problemWith({ ...fullRecord({}), error_cause: 'meteorite' }, FullJob)).toBeNull();
    const problem = problemWith({ ...fullRecord({}), error_cause: '\u001B[31m' }, FullJob);
    expect(problem).toMatch(/^error_cause must be of the form .*, and is "\\u001b\[31m"$/u);
  });

  test.each([
    [{ lease_seconds: undefined }, 'lease_seconds is missing'],
    [{ lease_seconds: '120' }, 'lease_seconds must be a number, and is "120"'],
    [{ attempt: 1.5 }, 'attempt must be an integer, and is 1.5'],
    [{ attempt: -1 }, 'attempt must be at least 0, and is -1'],
    [{ worker_id: 7 }, 'worker_id must be a string or null, and is 7'],
    [
      { status: 'PAUSED' },
      expect.stringMatching(/^status must be one of WAITING_4_WORKER, .*, and is "PAUSED"$/u),
    ],
    [{ verdict: 'FINE' }, expect.stringMatching(/^verdict must be one of PENDING, .*, and is "FINE"$/u)],
    [{ start_time: 'soon' }, expect.stringMatching(/^start_time must be of the form .*, and is "soon"$/u)],
    [{ nodeos_options: ['-a', null] }, 'nodeos_options[1] must be a string, and is null'],
    [
      { attempts: [{ ...attemptRecord({}), stage_times: { load: 'x' } }] },
      'attempts[0].stage_times.load must be a number, and is "x"',
    ],
  ])('with %j is told with the place', (changes, problem) => {
    const found = problemWith({ ...fullRecord({}), ...changes }, FullJob);
    expect(found).toEqual(problem);
  });

  test('does not have what its prototype has', () => {
    const schema: Schema = { type: 'object', properties: { constructor: STRING }, required: ['constructor'] };
    expect(problemWith({}, schema)).toBe('constructor is missing');
  });
});

test.each([
  [null, 'it must be a list, and is null'],
  [{}, 'it must be a list, and is {}'],
  [[null], '[0] must be an object, and is null'],
  [[fullRecord({}), 5], '[1] must be an object, and is 5'],
  [[fullRecord({}), { job_id: 2 }], '[1].replay_slice_id is missing'],
])('a list that is %j is told with the place', (value, problem) => {
  expect(problemWith(value, list(FullJob))).toBe(problem);
});

test('what may be null is told by what else it may be', () => {
  const schema = nullable(oneOf(['a', 'b']));
  expect(problemWith(null, schema)).toBeNull();
  expect(problemWith('b', schema)).toBeNull();
  expect(problemWith('c', schema)).toBe('it must be one of a, b, and is "c"');
});
