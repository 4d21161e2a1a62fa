// Components whose code is fetched when they are first shown.
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/**
 * Shows `waiting` until the code is there; `preload` fetches it ahead. A chunk that cannot be fetched is asked for again on the next showing.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting?: () => JSX.Element,
): ComponentType<Props> & { preload: () => void } {
  let ready: ComponentType<Props> | undefined;
  function Lazy(props: Props) {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | undefined>(() => ready);
    useEffect(() => {
      let shown = true;
      if (!ready) {
        load().then(
          (component) => {
            ready = component;
            if (shown) {
              setLoaded(() => component);
            }
          },
          // vite:preloadError has already offered to reload.
          () => undefined,
        );
      }
      return () => {
        shown = false;
      };
    }, []);
    return Loaded ? <Loaded {...props} /> : (waiting?.() ?? null);
  }
  const preload = () =>
    void load().then(
      (component) => {
        ready = component;
      },
      () => undefined,
    );
  return Object.assign(Lazy, { preload });
}
