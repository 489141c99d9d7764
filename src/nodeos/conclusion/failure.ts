/** Why a run is not a success: one cause, with a message that can be acted on. */
import { failure, whereItWas, type Failure, type RunFacts } from './facts.ts';
import type { MissingEvidence } from './evidence.ts';
import { explainMissing } from './missing.ts';
import { explainProblem, rootProblem } from './problem.ts';
import { explainSignal, signalOf } from './signal.ts';
import { explainStall } from './stall.ts';
import { lastComplaint } from './quote.ts';

/**
 * The likeliest cause. What we did ourselves comes first, then what nodeos said, then how it ended,
 * then what is missing.
 */
export function explainFailure(facts: RunFacts, missing: MissingEvidence | null): Failure {
  const { observation, exit } = facts;
  if (facts.endedByUs === 'interrupted')
    return failure('interrupted', `nodeos was stopped on request ${whereItWas(facts)}`);
  const problem = rootProblem(observation);
  if (facts.endedByUs === 'stalled') return explainStall(facts, missing, problem);
  const signal = signalOf(exit);
  if (problem !== null && (exit.code !== 0 || missing === null || couldFollowFrom(missing)))
    return explainProblem(problem, facts);
  if (signal !== null) return explainSignal(signal, facts);
  if (exit.code !== 0) return explainCode(facts);
  return explainMissing(missing, facts);
}

/** Whether a problem can be the reason of what is missing after an exit with 0. */
function couldFollowFrom(missing: MissingEvidence): boolean {
  switch (missing.kind) {
    case 'contradiction':
    case 'empty-slice':
    case 'other-snapshot':
    case 'beyond-end':
      return false;
    case 'wrong-start':
      // In Leap, a state that did not fit looks as if there had been one.
      return missing.what === 'old-state';
    case 'not-started':
    case 'no-start-hash':
    case 'not-reached':
    case 'head-unproven':
    case 'no-stop-hash':
      return true;
    default: {
      const never: never = missing;
      return never;
    }
  }
}

function explainCode(facts: RunFacts): Failure {
  const { observation: o, exit } = facts;
  const said = lastComplaint(o);
  const words = said === null ? ', without an error message' : `: ${said}`;
  if (exit.code === null)
    return failure(
      'no-evidence',
      `nodeos ended ${whereItWas(facts)}, and neither its exit code nor a signal is known${said === null ? '' : words}`,
      'See the last lines of its log.',
    );
  // nodeos's own exit code for failed allocations; not one of the recorded runs ended with it.
  if (exit.code === 1)
    return failure(
      'out-of-memory',
      `nodeos could not get memory (exit code 1) ${whereItWas(facts)}${words}`,
      'Use a host with more memory, or fewer workers on this one.',
    );
  if (said !== null && o.stage === 'replaying') return explainProblem('block-refused', facts);
  return failure(
    'nodeos-crash',
    `nodeos ended with exit code ${exit.code} ${whereItWas(facts)}${words}`,
    'See the last lines of its log.',
  );
}
