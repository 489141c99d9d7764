import { errorOfAnswer } from './client-answer.ts';
import { OrchestratorError } from './client-error.ts';
import type { HttpAnswer } from './client-http.ts';
import { problemWith } from './schemas/check.ts';
import type { Schema } from './schemas/schema.ts';

/**
 * What an answer 200 carries, held against its schema: nobody further in has to reckon with less.
 * @param what it should be, for the message: `a list of jobs`
 * @throws OrchestratorError `bad-answer` when it is something else; else what another status means
 */
export function recordOf<Shape>(answer: HttpAnswer, schema: Schema<Shape>, what: string): Shape {
  if (answer.status !== 200) throw errorOfAnswer(answer);
  return parseRecord(answer.body, schema, { whose: 'its answer', what });
}

/**
 * @param told whose text it is, and what it should be, for the message
 * @throws OrchestratorError `bad-answer`
 */
export function parseRecord<Shape>(
  text: string,
  schema: Schema<Shape>,
  { whose, what }: { whose: string; what: string },
): Shape {
  const value = parseJson(text, whose);
  const problem = problemWith(value, schema);
  if (problem !== null) {
    throw new OrchestratorError(
      'bad-answer',
      `${whose} is not ${what} as this version of replay knows it: ${problem}`,
      { status: 200 },
    );
  }
  return value as Shape;
}

/** @throws OrchestratorError unless the answer says that it was done */
export function expectDone(answer: HttpAnswer): void {
  if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer);
}

function parseJson(text: string, whose: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OrchestratorError('bad-answer', `${whose} is not JSON`, { status: 200, cause: error });
  }
}
