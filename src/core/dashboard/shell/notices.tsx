import { summary } from '../data/store.ts';
import { PauseWords } from '../parts/pause-words.tsx';

/** What holds for everything on every page. */
export function RunNotices() {
  const now = summary.value;
  if (now === null) return null;
  return (
    <>
      {now.stand_in && (
        <p class="notice" role="note">
          <strong>Rehearsal.</strong> Results come from the stand-in and not from a real nodeos: they prove
          nothing about any build.
        </p>
      )}
      {now.paused !== null && (
        <p class="notice" role="note">
          <PauseWords paused={now.paused} /> <a href="/control">Control</a>
        </p>
      )}
    </>
  );
}
