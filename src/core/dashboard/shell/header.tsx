import { session, summary } from '../data/store.ts';
import { path } from '../routing/router.ts';
import { headline } from './headline.ts';
import { PAGES } from './pages.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export function Header() {
  return (
    <header class="top">
      <div class="top-row">
        <a class="brand" href="/" aria-label="replay: progress of the run">
          replay
        </a>
        <Headline />
        <div class="top-tools">
          <ThemeChoice />
          <SignOut />
        </div>
      </div>
      <nav aria-label="Pages">
        <ul>
          {PAGES.flatMap(({ path: to, nav }) => (nav === undefined ? [] : <NavItem to={to} name={nav} />))}
        </ul>
      </nav>
    </header>
  );
}

function NavItem({ to, name }: { to: string; name: string }) {
  const isHere = path.value === to;
  const isWithin = to !== '/' && path.value.startsWith(`${to}/`);
  return (
    <li>
      <a href={to} aria-current={isHere ? 'page' : isWithin ? 'true' : undefined}>
        {name}
      </a>
    </li>
  );
}

function Headline() {
  const now = summary.value;
  if (now === null) return <p class="headline" />;
  const { run, outcome, text, tone } = headline(now);
  return (
    <p class="headline">
      <span class="run">{run}</span> <strong class={`outcome tone-${tone}`}>{outcome}</strong>{' '}
      <span class="headline-text">{text}</span>
    </p>
  );
}

/** Only whoever has signed in can sign out. */
function SignOut() {
  if (session.value?.by !== 'session') return null;
  return (
    <form method="post" action="/signout">
      <button type="submit" class="quiet">
        Sign out
      </button>
    </form>
  );
}
