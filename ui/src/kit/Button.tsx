// Buttons: with text, or an icon with a label that is read out and shown on hover.
import type { IconNode } from 'lucide';
import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import css from './Button.module.css';
import { cls } from './cls';
import { Icon } from './Icon';

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'class' | 'className' | 'icon' | 'label'>;

interface ButtonProps extends Native {
  /** danger: removes or ends something, or asks whether to. destroy: the answer that does it. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'destroy';
  icon?: IconNode;
  /** Shows a spinner in place of the words. The button keeps its width and cannot be pressed. */
  busy?: boolean;
  wide?: boolean;
  children: ComponentChildren;
}

export function Button({ kind = 'plain', icon, busy, wide, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={cls(css.button, css[kind], wide && css.wide)}
      aria-busy={busy || undefined}
      // Not disabled: the button would lose the focus.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon && <Icon of={icon} />}
      <span>{children}</span>
      {busy && <span class={css.spinner} />}
    </button>
  );
}

interface IconButtonProps extends Native {
  icon: IconNode;
  label: string;
  small?: boolean;
}

export function IconButton({ icon, label, small, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      class={cls(css.icon, small && css.small)}
    >
      <Icon of={icon} size={small ? 1 : 1.125} />
    </button>
  );
}

/** The look of a button for a link. */
export const linkButton = cls(css.button, css.plain);
export const linkButtonPrimary = cls(css.button, css.primary);
