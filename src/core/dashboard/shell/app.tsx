import { Said } from '../parts/said.tsx';
import { Banner } from './banner.tsx';
import { CurrentPage } from './pages.tsx';
import { Header } from './header.tsx';
import { RunNotices } from './notices.tsx';
import { keepTitle } from './title.ts';

keepTitle();

/** What is around every page. */
export function App() {
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Header />
      <Banner />
      <main id="main" tabIndex={-1}>
        <RunNotices />
        <CurrentPage />
      </main>
      <Said />
    </>
  );
}
