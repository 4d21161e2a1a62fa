// Shows a person as a tile with initials. The color depends on the id, so it never changes.
import css from './Avatar.module.css';
import { cls } from './cls';
import { initials } from './initials';

interface Props {
  /** The person's id: decides the color. */
  id: number;
  name: string;
  size?: 's' | 'm' | 'l' | 'xl';
}

const colors = 12;
/**
 * Ids count up, so twelve people who came one after the other have twelve colors. In steps of five around the
 * circle, those next to each other differ most.
 */
const step = 5;

/** Hidden from screen readers, because the name is always beside it. */
export function Avatar({ id, name, size = 'm' }: Props) {
  return (
    <span class={cls(css.avatar, css[size], css[`color${(id * step) % colors}`])} aria-hidden="true">
      {initials(name, size === 's' ? 1 : 2)}
    </span>
  );
}
