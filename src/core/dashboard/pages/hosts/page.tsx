import { useEffect } from 'preact/hooks';
import { allHosts } from '../../data/hosts.ts';
import { followHosts } from '../../data/live.ts';
import { go } from '../../routing/router.ts';
import { Choice } from './choice.tsx';
import { FleetHosts } from './fleet/section.tsx';
import { SetAside } from './set-aside.tsx';
import { HostTable } from './table.tsx';

/** The hosts that do the work. */
export function HostsPage() {
  useEffect(() => followHosts(), []);
  const hosts = allHosts.value;
  return (
    <>
      <h1 class="visually-hidden">Hosts</h1>
      {hosts === null ? (
        <p class="loading">Reading the hosts…</p>
      ) : (
        <>
          <SetAside />
          <FleetHosts />
          <Choice hosts={hosts} />
          <HostTable hosts={hosts} />
        </>
      )}
    </>
  );
}

/** The address of one host leads to the table, in which it stands open. */
export function HostPage({ id }: { id: string }) {
  useEffect(() => go(`/hosts?open=${encodeURIComponent(id)}`, { replace: true }), [id]);
  return <h1>Host {id}</h1>;
}
