// A modal dialog: the browser's own, so focus, Esc and the top layer are native.
import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './Button';
import { cls } from './cls';
import css from './Dialog.module.css';
import { t } from './texts';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** Buttons at the end. */
  actions?: ComponentChildren;
  /** No head: the content begins with its own field, and the title is only read out. */
  bare?: boolean;
  wide?: boolean;
}

export function Dialog({ title, onClose, children, actions, bare, wide }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const pressedBeside = useRef(false);
  const heading = useId();

  useLayoutEffect(() => {
    const dialog = box.current;
    // A dialog that is already open is not opened again when the view is rendered anew.
    if (dialog && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    return () => dialog?.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it; a click beside it is the same for a pointer.
    <dialog
      ref={box}
      class={cls(css.dialog, bare && css.bare, wide && css.wide)}
      aria-labelledby={heading}
      onCancel={(event) => {
        // A file or color chooser inside the dialog sends its own cancel event through here.
        if (event.target !== event.currentTarget) {
          return;
        }
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        pressedBeside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        // Selecting text by dragging may end beside the dialog. The click that follows must not close it.
        if (event.target === event.currentTarget && pressedBeside.current) {
          onClose();
        }
      }}
    >
      <div class={css.body}>
        <header class={bare ? 'hidden' : css.head}>
          <h2 id={heading}>{title}</h2>
          {!bare && <IconButton icon={X} label={t().close} onClick={onClose} />}
        </header>
        <div class={bare ? undefined : css.content}>{children}</div>
        {actions && <footer class={css.actions}>{actions}</footer>}
      </div>
    </dialog>
  );
}
