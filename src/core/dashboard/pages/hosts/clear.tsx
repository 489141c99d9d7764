import { send } from '../../data/api.ts';
import { Action } from '../../parts/action.tsx';

/** Lets a host that is set aside have jobs again. To ask twice does no harm. */
export function ClearHost({ workerId }: { workerId: string }) {
  const clear = async (): Promise<string> => {
    await send(`/host/clear?worker=${encodeURIComponent(workerId)}`, { method: 'POST' });
    return `${workerId} gets jobs again.`;
  };
  return (
    <Action label="Clear" title={`Let ${workerId} have jobs again?`} confirm="Clear" run={clear}>
      <p>
        What it failed so far does not count any more, and it is given the next job that it asks for. It is
        set aside again when three more attempts in a row fail.
      </p>
    </Action>
  );
}
