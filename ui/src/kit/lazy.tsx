// Components whose code is fetched when they are first shown.
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { textsReady } from '../i18n';

interface Options {
  /** Shown until the code is there. */
  waiting?: () => JSX.Element;
  /** fetchAhead fetches the code early, because the component must show at once. */
  ahead?: boolean;
}

const wantedAhead: (() => void)[] = [];

/** A chunk that cannot be fetched is asked for again the next time the component is shown. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { waiting, ahead }: Options = {},
): ComponentType<Props> {
  let ready: ComponentType<Props> | undefined;
  const fetched = () =>
    load().then(
      async (component) => {
        await textsReady();
        ready = component;
      },
      // The listener of vite:preloadError has already offered to reload.
      () => undefined,
    );
  if (ahead) {
    wantedAhead.push(() => void fetched());
  }
  return function Lazy(props: Props) {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | undefined>(() => ready);
    useEffect(() => {
      let shown = true;
      if (!ready) {
        void fetched().then(() => shown && setLoaded(() => ready));
      }
      return () => {
        shown = false;
      };
    }, []);
    return Loaded ? <Loaded {...props} /> : (waiting?.() ?? null);
  };
}

/** Fetches the code of all components marked `ahead`. A person types right after Ctrl+K and does not wait. */
export function fetchAhead(): void {
  for (const fetch of wantedAhead.splice(0)) {
    fetch();
  }
}
