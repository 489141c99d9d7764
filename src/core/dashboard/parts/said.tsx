import { signal } from '@preact/signals';

/** How long something that was done is told. Milliseconds. */
const SHOWN_MS = 8000;

interface Word {
  text: string;
  /** Something went wrong: it stays until somebody has seen it. */
  isBad: boolean;
}

const said = signal<Word | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells the viewer what was done, for some seconds. */
export function say(text: string): void {
  show({ text, isBad: false });
  timer = setTimeout(() => {
    said.value = null;
  }, SHOWN_MS);
}

/** Tells the viewer what went wrong where there is no better place for it any more. */
export function sayBad(text: string): void {
  show({ text, isBad: true });
}

function show(word: Word): void {
  clearTimeout(timer);
  said.value = word;
}

/** Where it is told; screen readers read it out. */
export function Said() {
  const word = said.value;
  return (
    <div class="said" role="status">
      {word !== null && (
        <div class={word.isBad ? 'said-word bad' : 'said-word'}>
          <p>{word.text}</p>
          {word.isBad && (
            <button type="button" onClick={() => (said.value = null)}>
              Seen
            </button>
          )}
        </div>
      )}
    </div>
  );
}
