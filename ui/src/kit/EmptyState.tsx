// Fills a place that is empty: says why, and offers the one thing to do about it.
import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import css from './EmptyState.module.css';
import { Icon } from './Icon';

interface Props {
  icon?: IconNode;
  title: string;
  text?: string;
  /** One button. */
  action?: ComponentChildren;
}

export function EmptyState({ icon, title, text, action }: Props) {
  return (
    <div class={css.empty}>
      {icon && (
        <span class={css.icon}>
          <Icon of={icon} size={1.5} />
        </span>
      )}
      <p class={css.title}>{title}</p>
      {text && <p class={css.text}>{text}</p>}
      {action && <div class={css.action}>{action}</div>}
    </div>
  );
}
