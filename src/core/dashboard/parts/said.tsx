import { signal } from '@preact/signals';

/** How long something that was done is told. Milliseconds. */
const SHOWN_MS = 8000;

const said = signal<string | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells the viewer what was done, for some seconds. */
export function say(text: string): void {
  clearTimeout(timer);
  said.value = text;
  timer = setTimeout(() => {
    said.value = null;
  }, SHOWN_MS);
}

/** Where it is told; screen readers read it out. */
export function Said() {
  return (
    <div class="said" role="status">
      {said.value !== null && <p>{said.value}</p>}
    </div>
  );
}
