import { useEffect } from 'preact/hooks';
import { isLoaded, jobIds, jobSignal } from '../data/store.ts';
import { jobAddress } from '../routing/addresses.ts';
import { go } from '../routing/router.ts';

/** Leads on to the job of a slice. */
export function SlicePage({ id }: { id: string }) {
  const jobId = jobIds.value.find((jobId) => jobSignal(jobId)?.peek().replay_slice_id === Number(id));
  useEffect(() => {
    if (jobId !== undefined) go(jobAddress(jobId), { replace: true });
  }, [jobId]);
  return isLoaded.value && jobId === undefined ? <h1>The run has no slice {id}</h1> : <h1>Slice {id}</h1>;
}
