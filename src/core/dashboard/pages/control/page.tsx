import { isAdmin, session } from '../../data/store.ts';
import { FleetSection } from './fleet.tsx';
import { NewRun } from './new-run.tsx';
import { PauseSection } from './pause.tsx';
import { RetrySection } from './retry.tsx';

/** What a person decides about the run as a whole. Each of it asks before it is done. */
export function ControlPage() {
  const who = session.value;
  return (
    <>
      <h1>Control</h1>
      {who === null ? (
        <p class="loading">Asking what you may do…</p>
      ) : isAdmin.value ? (
        <>
          <PauseSection />
          <RetrySection />
          <FleetSection />
          <NewRun />
        </>
      ) : (
        <p class="card">
          This page is for those who have the right <b>admin</b>. You may {who.rights.join(' and ')}. Whoever
          runs the orchestrator makes a token with that right by{' '}
          <code>replay tokens create --rights admin</code>.
        </p>
      )}
    </>
  );
}
