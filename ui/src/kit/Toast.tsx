// Shows the toasts above the composer. A few at a time: the others wait for their turn.
import { X } from 'lucide';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from './Button';
import { coversInUse, shiftOf } from './clear';
import { cls } from './cls';
import { foot } from './foot';
import { isPhone } from './layout';
import css from './Toast.module.css';
import { t } from './texts';
import { closeToast, type Toast, toasts } from './toasts';

const shortly = 5_000;
const longer = 10_000;

/** Between the toasts and the composer. */
const gap = 8;

export function Toasts() {
  const home = useRef<HTMLDivElement>(null);
  const stack = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const [heard, setHeard] = useState(false);
  // Screen readers say what comes into the region once they know it. So it is empty at first.
  useEffect(() => setHeard(true), []);
  useEffect(() => overDialogs(home.current as Element, stack.current as Element), []);
  const all = heard ? toasts.value : [];
  const passing = all.filter((one) => !one.stays).slice(0, isPhone.value ? 2 : 3);
  const shown = useSlots([...passing, ...all.filter((one) => one.stays)]);
  // The toast that had the focus may be gone.
  useLayoutEffect(() => setFocused(stack.current?.contains(document.activeElement) ?? false), [all]);

  usePlace(home, stack, hovered || focused, shown.length);

  return (
    <div ref={home}>
      {/* Not atomic: each toast is said when it comes, and the others are not said again. */}
      <div
        ref={stack}
        class={css.stack}
        role="status"
        aria-atomic="false"
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
        onFocusIn={() => setFocused(true)}
        onFocusOut={() => setFocused(false)}
      >
        {shown.map(({ of, gone }) => (
          <Line key={of.id} of={of} gone={gone} paused={hovered || focused} />
        ))}
      </div>
    </div>
  );
}

interface Slot {
  of: Toast;
  gone?: boolean;
}

/**
 * One that is gone leaves its place empty until none is beyond it, so that no button of a toast moves. A new one takes
 * an empty place, or stands beyond all.
 */
function useSlots(shown: readonly Toast[]): readonly Slot[] {
  const slots = useRef<readonly Slot[]>([]);
  const next: Slot[] = slots.current.map(({ of }) => ({ of, gone: !shown.includes(of) }));
  for (const of of shown) {
    if (!next.some((slot) => slot.of === of)) {
      const free = next.findIndex(({ gone }) => gone);
      next[free < 0 ? next.length : free] = { of };
    }
  }
  slots.current = next.slice(0, next.findLastIndex(({ gone }) => !gone) + 1);
  return slots.current;
}

function Line({ of, gone, paused }: Slot & { paused: boolean }) {
  const { id, text, kind, action, stays } = of;
  const close = () => closeToast(id);
  // At once, not after the next frame: the time may be nearly over when the pointer comes.
  useLayoutEffect(() => {
    if (stays || paused || gone) {
      return;
    }
    const timer = setTimeout(close, action ? longer : shortly);
    return () => clearTimeout(timer);
  }, [paused, gone]);
  return (
    <div class={cls(css.toast, kind === 'error' && css.error)} inert={gone}>
      <span class={css.text}>{text}</span>
      {action && (
        <button
          type="button"
          class={css.action}
          onClick={() => {
            action.run();
            close();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon={X} label={t().close} small onClick={close} />
    </div>
  );
}

/**
 * Moves the toasts into the topmost dialog while one is open: whatever is outside of it cannot be pressed and is not
 * said. It is one element all the time, so the toasts keep their clocks.
 */
function overDialogs(home: Element, stack: Element): () => void {
  const place = () => {
    const to = [...document.querySelectorAll('dialog:modal')].at(-1) ?? home;
    if (stack.parentElement !== to) {
      // It stands elsewhere there.
      (stack as HTMLElement).style.setProperty('--shift', '0px');
      to.append(stack);
    }
  };
  const watcher = new MutationObserver(place);
  watcher.observe(document.body, { subtree: true, attributeFilter: ['open'] });
  place();
  return () => {
    watcher.disconnect();
    home.append(stack);
  };
}

/**
 * Puts the toasts above the foot of the page, also while it grows or a keyboard makes the page lower, and clear of what can
 * be pressed or is in use. They stay there until something comes under them that no list scrolls away, or that is in use.
 */
function usePlace(
  home: RefObject<HTMLElement | null>,
  stack: RefObject<HTMLElement | null>,
  held: boolean,
  count: number,
): void {
  const at = foot.value;
  const before = useRef(0);
  const over = useRef<Element>(null);
  useLayoutEffect(() => {
    const toasts = stack.current;
    if (!toasts || !count) {
      before.current = count;
      return;
    }
    const place = (anew: boolean) => {
      const { style } = toasts;
      const box = at && !at.closest('[inert]') ? at.getBoundingClientRect() : undefined;
      const all = home.current?.offsetParent?.getBoundingClientRect();
      style.setProperty('--bottom', box && all ? `${all.bottom - box.top + gap}px` : '');
      style.setProperty('--left', box && all ? `${box.left - all.left}px` : '');
      style.setProperty('--right', box && all ? `${all.right - box.right}px` : '');
      const layer = toasts.closest('dialog') ?? document.body;
      // Where it comes to from a dialog, it has not been before.
      const came = anew || over.current !== layer;
      over.current = layer;
      if (!came && (held || !coversInUse(boxOf(toasts), layer, toasts))) {
        return;
      }
      style.setProperty('--shift', '0px');
      style.setProperty('--shift', `${shiftOf(boxOf(toasts), layer === document.body, layer, toasts)}px`);
    };
    let frame = 0;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => place(false));
    };
    place(!before.current);
    before.current = count;
    const size = new ResizeObserver(look);
    size.observe(document.documentElement);
    if (at) {
      size.observe(at);
    }
    // What comes, goes or scrolls, in a list too, may be the last message or have the focus.
    const page = new MutationObserver(look);
    page.observe(document.body, {
      subtree: true,
      childList: true,
      attributeFilter: ['open', 'inert', 'hidden'],
    });
    const ear = new AbortController();
    for (const event of ['scroll', 'focusin']) {
      document.addEventListener(event, look, { capture: true, signal: ear.signal });
    }
    return () => {
      cancelAnimationFrame(frame);
      ear.abort();
      size.disconnect();
      page.disconnect();
    };
  }, [at, held, count]);
}

/** Where the toasts stand: as high as all of them, as wide as the widest. */
function boxOf(stack: Element): Pick<DOMRect, 'top' | 'bottom' | 'left' | 'right'> {
  const { top, bottom } = stack.getBoundingClientRect();
  const all = [...stack.children].map((one) => one.getBoundingClientRect());
  return {
    top,
    bottom,
    left: Math.min(...all.map((one) => one.left)),
    right: Math.max(...all.map((one) => one.right)),
  };
}
