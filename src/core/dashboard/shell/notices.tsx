import { summary } from '../data/store.ts';

/** What holds for everything on every page. */
export function RunNotices() {
  if (summary.value?.stand_in !== true) return null;
  return (
    <p class="notice" role="note">
      <strong>Rehearsal.</strong> Results come from the stand-in and not from a real nodeos: they prove
      nothing about any build.
    </p>
  );
}
