// A finger that rests on something for a moment.
import { useRef } from 'preact/hooks';

/** How long, in milliseconds. */
const pause = 450;
/** How far it may tremble, in pixels. Not every browser keeps small movements to itself. */
const near = 10;

/** The listeners of the element. On a link or in a text field, a finger does what the browser does with these. */
export function useRest(act: (() => void) | undefined) {
  const press = useRef({ x: 0, y: 0, timer: 0 }).current;
  const end = () => clearTimeout(press.timer);
  return {
    onPointerDown({ pointerType, isPrimary, target, clientX, clientY }: PointerEvent) {
      end();
      if (act && isPrimary && pointerType === 'touch' && !(target as Element).closest('a, textarea')) {
        press.x = clientX;
        press.y = clientY;
        press.timer = window.setTimeout(() => {
          liftsOnly(target as Element);
          act();
        }, pause);
      }
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      if (Math.hypot(clientX - press.x, clientY - press.y) > near) {
        end();
      }
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

/**
 * What opens under the finger is not pressed when it is lifted. Touches belong to what they began on, also when that has
 * left the page.
 */
function liftsOnly(target: Element): void {
  const over = new AbortController();
  const { signal } = over;
  const lifted = (event: Event) => {
    event.preventDefault();
    over.abort();
  };
  target.addEventListener('touchend', lifted, { signal, passive: false });
  target.addEventListener('touchcancel', () => over.abort(), { signal });
}
