import { connection, reconnectNow } from '../data/live.ts';
import { isPageOld } from '../data/newer-page.ts';
import { Time } from '../parts/time.tsx';

/** Says that what is shown may be old. It is there all the time, so that screen readers tell when it speaks. */
export function Banner() {
  const now = connection.value;
  return (
    <div class="banner-place" role="status">
      {now.state === 'lost' && (
        <div class="banner">
          <p>
            <strong>Connection lost</strong> since <Time at={now.since} seconds />: what is shown is from
            then. Trying again by itself.
            {now.reason !== null && <span class="banner-reason"> The orchestrator says: {now.reason}</span>}
          </p>
          <button type="button" onClick={reconnectNow}>
            Try now
          </button>
        </div>
      )}
      {now.state !== 'lost' && isPageOld.value && (
        <div class="banner">
          <p>
            <strong>The orchestrator is of another version now</strong>, and this page may not understand all
            of it. Nothing that you have typed is kept when you load it anew.
          </p>
          <button type="button" onClick={() => location.reload()}>
            Load anew
          </button>
        </div>
      )}
    </div>
  );
}
