// Gray bars while something loads for the first time. They appear after a moment, because most loads are
// faster.
import { cls } from './cls';
import css from './Skeleton.module.css';

interface Props {
  rows?: number;
  /** With a square before each bar, as in lists of people. */
  tiles?: boolean;
}

const widths = [css.w1, css.w2, css.w3];

export function Skeleton({ rows = 4, tiles }: Props) {
  return (
    <div class={css.skeleton} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class={css.row}>
          {tiles && <span class={css.tile} />}
          <span class={cls(css.bar, widths[row % widths.length])} />
        </div>
      ))}
    </div>
  );
}
