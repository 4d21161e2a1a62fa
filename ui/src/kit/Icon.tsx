// One Lucide icon. Import the icons by name, so that only those in use are in the bundle.
import type { IconNode } from 'lucide';
import { h } from 'preact';

interface Props {
  of: IconNode;
  /** In rem, so that icons grow with the text. */
  size?: number;
}

/** Hidden from screen readers: the text or label beside it says the same. */
export function Icon({ of, size = 1.125 }: Props) {
  return (
    <svg
      width={`${size}rem`}
      height={`${size}rem`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {of.map(([tag, attributes], index) => h(tag, { key: index, ...attributes }))}
    </svg>
  );
}
