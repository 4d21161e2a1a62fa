// A list that comes page by page, with what stands there while it loads, fails, or is empty.
import type { ComponentChildren, JSX, Ref } from 'preact';
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { Unloaded } from '../failures/Unloaded';
import css from './PagedList.module.css';
import type { Pages } from './pages';

interface Props<T> {
  pages: Pages<T>;
  row: (one: T) => JSX.Element;
  /** What to say when the first page does not come, and on the button for the next. */
  failed: string;
  next: string;
  none?: JSX.Element;
  note?: string;
  tiles?: boolean;
  box?: Ref<HTMLDivElement>;
  /** A dialog about one of the list. */
  children?: ComponentChildren;
}

export function PagedList<T>({ pages, row, failed, next, none, note, tiles, box, children }: Props<T>) {
  const { list, more, problem, busy, load, extend } = pages;
  return (
    <div ref={box} class={css.paged}>
      {note && <p class={form.note}>{note}</p>}
      {problem && !list && <Unloaded why={failed} again={load} />}
      {!list && !problem && <Skeleton rows={4} tiles={tiles} />}
      {list?.length === 0 && none}
      <ul class={css.list}>{list?.map(row)}</ul>
      {problem && list && <Unloaded why={problem} again={extend} />}
      {more && !problem && (
        <div>
          <Button busy={busy} onClick={extend}>
            {next}
          </Button>
        </div>
      )}
      {children}
    </div>
  );
}
