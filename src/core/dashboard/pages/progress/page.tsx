import { isLoaded } from '../../data/store.ts';
import { Failures } from './failures.tsx';
import { Figures } from './figures.tsx';
import { Plots } from './plots.tsx';
import { Strip } from './strip.tsx';

/** How the run stands: what went wrong first. */
export function ProgressPage() {
  return (
    <>
      <h1 class="visually-hidden">Progress</h1>
      {isLoaded.value ? (
        <>
          <Failures />
          <Figures />
          <Strip />
          <Plots />
        </>
      ) : (
        <p class="loading">Reading the run…</p>
      )}
    </>
  );
}
