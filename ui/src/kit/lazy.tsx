// Components and functions whose code is fetched when they are first needed.
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { textsReady } from '../i18n';
import { Button } from './Button';
import { EmptyState } from './EmptyState';
import { t } from './texts';

interface Options {
  /**
   * Shown until the code is there. If it cannot be fetched, that is said in its place. A component without it shows
   * nothing at first, so its code comes after the first page.
   */
  waiting?: () => JSX.Element;
  /** fetchAhead fetches the code early, because the component must show at once. */
  ahead?: boolean;
  /** Called instead when it should be shown and its code cannot be fetched. */
  failed?: () => void;
}

const wantedAhead: (() => void)[] = [];

/** What asks again for code that is shown and could not be fetched. */
const missed = new Set<() => void>();

/** Asks again for all code that should be shown and could not be fetched: the server is back. */
export function fetchAgain(): void {
  for (const again of missed) {
    again();
  }
}

let quiet: () => void;
/** Resolves when the first page stands. What else is fetched would only keep it waiting. */
const pageStands = new Promise<void>((done) => {
  quiet = done;
});

/** Called once the first page is rendered: with data, or saying that there are none. Safari has no idle callbacks. */
export function firstPageStands(): void {
  if ('requestIdleCallback' in globalThis) {
    requestIdleCallback(quiet, { timeout: 1_000 });
  } else {
    setTimeout(quiet);
  }
}

/** Fetches code, and the texts that came with it. Code that cannot be fetched is asked for again next time. */
function fetcher<T>(load: () => Promise<T>): () => Promise<T | undefined> {
  let ready: T | undefined;
  return async () => {
    if (!ready) {
      try {
        const got = await load();
        await textsReady();
        ready = got;
      } catch {
        // The listener of vite:preloadError has already offered to reload.
      }
    }
    return ready;
  };
}

/** Something that fetchAhead fetches: gives it when it is there, or undefined when it cannot be fetched. */
export function later<T>(load: () => Promise<T>): () => Promise<T | undefined> {
  const fetched = fetcher(load);
  wantedAhead.push(() => void fetched());
  return fetched;
}

/** A component whose code is fetched when it is first shown, or when its `fetch` is called. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { waiting, ahead, failed }: Options = {},
): ComponentType<Props> & { fetch: () => Promise<unknown> } {
  let ready: ComponentType<Props> | undefined;
  const fetched = fetcher(load);
  const fetch = async () => {
    ready = await fetched();
  };
  if (ahead) {
    wantedAhead.push(() => void fetch());
  }
  function Lazy(props: Props) {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | undefined>(() => ready);
    // 0 after a try that failed.
    const [tries, setTries] = useState(1);
    useEffect(() => {
      let shown = true;
      if (!Loaded && tries) {
        const fetched = waiting ? fetch() : pageStands.then(fetch);
        void fetched.then(() => shown && (ready ? setLoaded(() => ready) : failed ? failed() : setTries(0)));
      }
      return () => {
        shown = false;
      };
    }, [tries]);
    useEffect(() => {
      const again = () => setTries(1);
      if (!tries) {
        missed.add(again);
      }
      return () => void missed.delete(again);
    }, [tries]);
    return Loaded ? (
      <Loaded {...props} />
    ) : !waiting ? null : tries ? (
      waiting()
    ) : (
      <NotLoaded again={() => setTries(1)} />
    );
  }
  return Object.assign(Lazy, { fetch });
}

/** The server has another build, or it is away. Then reloading would leave nothing on the screen. */
function NotLoaded({ again }: { again: () => void }) {
  const d = t();
  const reload = () => fetch('/', { method: 'HEAD' }).then(() => location.reload(), again);
  return <EmptyState title={d.notLoaded} action={<Button onClick={reload}>{d.reload}</Button>} />;
}

/** Fetches the code of all components marked `ahead`. A person types right after Ctrl+K and does not wait. */
export async function fetchAhead(): Promise<void> {
  await pageStands;
  for (const fetch of wantedAhead.splice(0)) {
    fetch();
  }
}
