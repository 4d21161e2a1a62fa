// A modal dialog: the browser's own, so focus, Esc and the top layer are native.
import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './Button';
import { cls } from './cls';
import css from './Dialog.module.css';
import { focusAsked } from './focus';
import { useLayer } from './layers';
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
  /** Nothing in it takes the focus: its content does, so that keys scroll it in every browser. */
  text?: boolean;
  /** As high as it gets: its list comes later, or follows what is searched for, and its buttons stay where they are. */
  tall?: boolean;
  /** Comes from the bottom of the window, in reach of a thumb. Rows reach from edge to edge. */
  sheet?: boolean;
}

export function Dialog({ title, onClose, children, actions, bare, wide, text, tall, sheet }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const pressedBeside = useRef(false);
  const heading = useId();
  useLayer(onClose);

  useLayoutEffect(() => {
    const dialog = box.current;
    // A dialog that is already open is not opened again when the view is rendered anew.
    if (dialog && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    return () => {
      dialog?.close();
      focusAsked();
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it; a click beside it is the same for a pointer.
    <dialog
      ref={box}
      class={cls(css.dialog, bare && css.bare, wide && css.wide, tall && css.tall, sheet && css.sheet)}
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
        <div
          class={bare ? undefined : css.content}
          {...(text && { tabIndex: 0, role: 'group', 'aria-labelledby': heading })}
        >
          {children}
        </div>
        {actions && <footer class={css.actions}>{actions}</footer>}
      </div>
    </dialog>
  );
}
