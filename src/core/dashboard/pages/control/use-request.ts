import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ApiError } from '../../data/api.ts';
import { changeFleet, newToken, planFleet } from '../../data/fleet.ts';
import { wordsOf } from '../../parts/action.tsx';

/** What would come of a request. */
export interface Plan<Answer> {
  answer: Answer | null;
  problem: string | null;
}

const ASKING = { answer: null, problem: null };

interface FleetAsking<Answer> {
  plan: ReadonlySignal<Plan<Answer>>;
  /** When the question is opened: asks what would be done. */
  ask: () => void;
  /** However it was closed. */
  leave: () => void;
  /** Has it done; after an answer that was lost, the same request is sent once more. */
  perform: () => Promise<Answer>;
}

/** A change of the fleet that a person is asked about before. */
export function useFleetRequest<Answer>(path: string, wish: object): FleetAsking<Answer> {
  const plan = useSignal<Plan<Answer>>(ASKING);
  const asking = useRef<AbortController | null>(null);
  const unanswered = useRef<{ wish: string; token: string } | null>(null);
  const leave = (): void => asking.current?.abort();
  const ask = (): void => {
    leave();
    const over = new AbortController();
    asking.current = over;
    plan.value = ASKING;
    planFleet<Answer>(path, wish, over.signal).then(
      (answer) => (plan.value = { answer, problem: null }),
      (error: unknown) => {
        if (!over.signal.aborted) plan.value = { answer: null, problem: wordsOf(error) };
      },
    );
  };
  const perform = async (): Promise<Answer> => {
    const text = JSON.stringify(wish);
    const token = unanswered.current?.wish === text ? unanswered.current.token : newToken();
    unanswered.current = { wish: text, token };
    try {
      const answer = await changeFleet<Answer>(path, wish, token);
      unanswered.current = null;
      return answer;
    } catch (error) {
      // An error without a code is not the orchestrator's own: a proxy may have lost the answer.
      if (error instanceof ApiError && error.code !== null) unanswered.current = null;
      throw error;
    }
  };
  return { plan, ask, leave, perform };
}
