import { useRef } from 'preact/hooks';
import { say } from './said.tsx';

/** A text in full with a button that copies it. @param name what it is, as in `Copy the expected hash` */
export function Copied({ text, name }: { text: string; name: string }) {
  const shown = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    if (await written(text)) {
      say('Copied.');
    } else if (shown.current !== null) {
      getSelection()?.selectAllChildren(shown.current);
      say('The browser lets pages copy over https only. It is selected: copy it with Ctrl+C.');
    }
  };
  return (
    <span class="copied">
      <code ref={shown}>{text}</code>
      <button type="button" class="quiet" aria-label={`Copy ${name}`} onClick={() => void copy()}>
        Copy
      </button>
    </span>
  );
}

/** Over plain http, and to any address but a loopback one, browsers have no clipboard. */
async function written(text: string): Promise<boolean> {
  try {
    await (navigator.clipboard as Clipboard | undefined)?.writeText(text);
    return 'clipboard' in navigator;
  } catch {
    return false;
  }
}
