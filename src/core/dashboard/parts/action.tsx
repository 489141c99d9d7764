import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { ApiError } from '../data/api.ts';
import { isAdmin } from '../data/store.ts';
import { keepPlace } from './keep-place.ts';
import { say, sayBad } from './said.tsx';

interface ActionProps {
  /** On the button. */
  label: string;
  /** The question: `Run slice 17 again?` */
  title: string;
  /** What it will do. */
  children: ComponentChildren;
  /** On the button that does it; default: the label. */
  confirm?: string;
  /** It ends or undoes something. */
  danger?: boolean;
  disabled?: boolean;
  /** The question says that there is nothing to be done. */
  impossible?: boolean;
  /** Does it. Returns what is to be said of it afterwards; what it throws is shown, and may be tried again. */
  run: () => Promise<string>;
  onOpen?: () => void;
  /** However it was closed. */
  onClose?: () => void;
}

/** A button that says what it will do and asks before it does. Nobody sees it who may not use it. */
export function Action(props: ActionProps) {
  const { label, title, children, confirm = label, danger, disabled, impossible = false } = props;
  const { run, onOpen, onClose } = props;
  const opener = useRef<HTMLButtonElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const id = useId();
  const isShown = isAdmin.value;
  useLayoutEffect(() => (isShown ? () => keepPlace(opener.current, dialog.current) : undefined), [isShown]);
  if (!isShown) return null;

  const open = (): void => {
    problem.value = null;
    onOpen?.();
    dialog.current?.showModal();
  };
  const perform = async (): Promise<void> => {
    if (isBusy.value || impossible) return;
    isBusy.value = true;
    problem.value = null;
    try {
      say(await run());
      dialog.current?.close();
    } catch (error) {
      // Whoever has closed the question meanwhile would not see it there.
      if (dialog.current?.open === true) problem.value = wordsOf(error);
      else sayBad(`${title} ${wordsOf(error)}`);
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <>
      <button
        ref={opener}
        type="button"
        class={danger ? 'danger' : undefined}
        disabled={disabled}
        onClick={open}
      >
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={`${id}-title`} aria-describedby={`${id}-what`} onClose={onClose}>
        <h2 id={`${id}-title`}>{title}</h2>
        <div id={`${id}-what`} class="dialog-what">
          {children}
        </div>
        <div role="alert">{problem.value !== null && <p class="dialog-problem">{problem.value}</p>}</div>
        <div class="dialog-buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
          <button
            type="button"
            class={danger ? 'primary danger' : 'primary'}
            aria-disabled={isBusy.value || impossible}
            onClick={() => void perform()}
          >
            {isBusy.value ? 'Asking…' : confirm}
          </button>
        </div>
      </dialog>
    </>
  );
}

/** What went wrong with a request, for people. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError && error.hint !== null) return `${error.message}\n${error.hint}`;
  if (error instanceof DOMException || error instanceof TypeError) {
    return 'No answer came: it may or may not have been done. Look at the page before you try again.';
  }
  return error instanceof Error ? error.message : String(error);
}
