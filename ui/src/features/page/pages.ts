// Lists that come in pages: the first page is loaded at once, and each next one is asked for.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Result } from '../../net/result';
import { failureText } from '../failures/failureText';

export interface Pages<T> {
  /** What has come so far; undefined before the first page. */
  readonly list: readonly T[] | undefined;
  readonly more: boolean;
  /** Why the last page did not come. */
  readonly problem: string | undefined;
  readonly busy: boolean;
  /** Loads the list anew, as far as it has come. */
  load(): Promise<void>;
  /** Loads the page after the last thing of the list. */
  extend(): Promise<void>;
  /** Brings what has come up to what the person just did. */
  edit(change: (list: readonly T[]) => readonly T[]): void;
}

/** Loads a list page by page. read asks for the page after a thing, and of takes the things out of the answer. */
export function usePages<T extends { id: number }, A extends { more: boolean }>(
  read: (last?: T['id']) => Promise<Result<A>>,
  of: (answer: A) => readonly T[],
): Pages<T> {
  const [list, setList] = useState<readonly T[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const newest = useRef(0);

  /** Reads the pages after a thing, or from the beginning, up to so many things. The newest call counts. */
  const get = async (last?: T['id'], least = 1) => {
    const mine = ++newest.current;
    const got: T[] = [];
    let result: Result<A>;
    setBusy(true);
    do {
      result = await read(got.at(-1)?.id ?? last);
      if (mine !== newest.current) {
        return;
      }
      got.push(...(result.ok ? of(result.value) : []));
    } while (result.ok && result.value.more && got.length < least);
    setBusy(false);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      setList((known) => (last ? [...(known ?? []), ...got] : got));
      setMore(result.value.more);
    }
  };
  useEffect(() => void get(), []);

  return {
    list,
    more,
    problem,
    busy,
    load: () => get(undefined, list?.length),
    extend: () => get(list?.at(-1)?.id),
    edit: (change) => setList((known) => known && change(known)),
  };
}
