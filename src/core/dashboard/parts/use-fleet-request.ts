import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ApiError } from '../data/api.ts';
import { changeFleet, newToken, planFleet } from '../data/fleet.ts';
import { wordsOf } from './action.tsx';

/** What would come of a request. */
export interface Plan<Answer> {
  answer: Answer | null;
  problem: string | null;
}

const ASKING = { answer: null, problem: null };

interface FleetAsking<Answer> {
  plan: ReadonlySignal<Plan<Answer>>;
  /** It takes longer than the orchestrator keeps a caller waiting. */
  isUnderWay: ReadonlySignal<boolean>;
  /** When the question is opened: asks what would be done. */
  ask: () => void;
  /** However it was closed. */
  leave: () => void;
  /**
   * Has done what was asked about; after an answer that was lost, the same request is sent once more.
   * @param look at what would come of it now; throws when a person has to be asked again
   */
  perform: (look?: (before: Answer | null, now: Answer) => void) => Promise<Answer>;
}

/** A change of the fleet that a person is asked about before. */
export function useFleetRequest<Answer>(path: string, wish: object): FleetAsking<Answer> {
  const plan = useSignal<Plan<Answer>>(ASKING);
  const isUnderWay = useSignal(false);
  const asking = useRef<AbortController | null>(null);
  /** While somebody reads the question, what it is about does not change. */
  const asked = useRef(wish);
  const unanswered = useRef<{ wish: string; token: string } | null>(null);
  const leave = (): void => asking.current?.abort();
  const ask = (): void => {
    leave();
    const over = new AbortController();
    asking.current = over;
    asked.current = wish;
    plan.value = ASKING;
    planFleet<Answer>(path, wish, over.signal).then(
      (answer) => (plan.value = { answer, problem: null }),
      (error: unknown) => {
        if (!over.signal.aborted) plan.value = { answer: null, problem: wordsOf(error) };
      },
    );
  };
  const perform: FleetAsking<Answer>['perform'] = async (look) => {
    const text = JSON.stringify(asked.current);
    const isAgain = unanswered.current?.wish === text;
    if (look !== undefined && !isAgain) {
      const before = plan.value.answer;
      const answer = await planFleet<Answer>(path, asked.current);
      plan.value = { answer, problem: null };
      look(before, answer);
    }
    const token = isAgain ? unanswered.current!.token : newToken();
    unanswered.current = { wish: text, token };
    try {
      const answer = await changeFleet<Answer>(path, asked.current, token, () => (isUnderWay.value = true));
      unanswered.current = null;
      return answer;
    } catch (error) {
      // An error without a code is not the orchestrator's own: a proxy may have lost the answer.
      if (error instanceof ApiError && error.code !== null) unanswered.current = null;
      throw error;
    } finally {
      isUnderWay.value = false;
    }
  };
  return { plan, isUnderWay, ask, leave, perform };
}
