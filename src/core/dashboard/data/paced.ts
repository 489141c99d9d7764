import { useEffect, useState } from 'preact/hooks';
import { connection } from './live.ts';
import { jobIds, onJobChange } from './store.ts';

/** How often what concerns all jobs is worked out anew at most. Milliseconds. */
const PACE_MS = 1000;

/**
 * A number that changes when jobs have changed, but not more often than once in a second: for what is made of
 * all of them, as an order is.
 */
export function usePacedChanges(): number {
  const [version, setVersion] = useState(0);
  // A list that was loaded anew tells nobody of its single jobs.
  const ids = jobIds.value;
  const state = connection.value.state;
  useEffect(() => {
    setVersion((version) => version + 1);
  }, [ids, state]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onJobChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((version) => version + 1);
      }, PACE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return version;
}
