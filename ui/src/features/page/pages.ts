// Lists that come in pages: the first page is loaded at once, and each next one is asked for.
import { useEffect, useState } from 'preact/hooks';
import type { Result } from '../../net/result';
import { failureText } from '../failures/failureText';

export interface Pages<T> {
  /** What has come so far; undefined before the first page. */
  readonly list: readonly T[] | undefined;
  readonly more: boolean;
  /** Why the last page did not come. */
  readonly problem: string | undefined;
  readonly busy: boolean;
  /** Loads the list anew. */
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

  const get = async (last?: T['id']) => {
    setBusy(true);
    const result = await read(last);
    setBusy(false);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      const page = of(result.value);
      setList((known) => (last ? [...(known ?? []), ...page] : page));
      setMore(result.value.more);
    }
  };
  useEffect(() => void get(), []);

  return {
    list,
    more,
    problem,
    busy,
    load: () => get(),
    extend: () => get(list?.at(-1)?.id),
    edit: (change) => setList((known) => known && change(known)),
  };
}
