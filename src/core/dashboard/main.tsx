import { render } from 'preact';
import { startLive } from './data/live.ts';
import { followLinks } from './routing/router.ts';
import { App } from './shell/app.tsx';
import { applyTheme } from './shell/theme.ts';

applyTheme();
followLinks();
startLive();
render(<App />, document.querySelector('#app')!);
