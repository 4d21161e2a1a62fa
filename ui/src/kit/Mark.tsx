// Parley's mark, as in public/icon.svg, in the colors of the theme.
import css from './Mark.module.css';

export function Mark() {
  return (
    <svg class={css.mark} viewBox="0 0 64 64" aria-hidden="true">
      <rect class={css.ground} width="64" height="64" rx="15" />
      <path
        class={css.letter}
        fill-rule="evenodd"
        d="M34 11a16.5 16.5 0 0 1 0 33h-6L17.5 54.5V27.5A16.5 16.5 0 0 1 34 11zm0 10a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z"
      />
    </svg>
  );
}
