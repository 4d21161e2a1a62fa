// Says that there are unread rooms or invitations above or below what is in sight of the list, and leads there. Holds the
// list while somebody is at it.
import { ArrowDown, ArrowUp } from 'lucide';
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import pill from '../../kit/Pill.module.css';
import { watchHands } from '../../kit/still';
import css from './MoreUnread.module.css';
import { listHeld } from './roomOrder';
import { t } from './texts';

interface Hidden {
  above?: HTMLElement | undefined;
  below?: HTMLElement | undefined;
}

function hiddenIn(list: HTMLElement): Hidden {
  const seen = list.getBoundingClientRect();
  const unread = [...list.querySelectorAll<HTMLElement>('[data-unread]')];
  const middle = (row: HTMLElement) => row.getBoundingClientRect().top + row.offsetHeight / 2;
  return {
    above: unread.findLast((row) => middle(row) < seen.top),
    below: unread.find((row) => middle(row) > seen.bottom),
  };
}

export function MoreUnread({ list }: { list: RefObject<HTMLElement | null> }) {
  const [hidden, setHidden] = useState<Hidden>({});
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) {
      return;
    }
    let frame = 0;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const now = hiddenIn(box);
        setHidden((old) => (old.above === now.above && old.below === now.below ? old : now));
      });
    };
    const size = new ResizeObserver(look);
    size.observe(box);
    box.addEventListener('scroll', look);
    const rows = new MutationObserver(look);
    rows.observe(box, { subtree: true, childList: true, attributeFilter: ['data-unread'] });
    look();
    const free = watchHands(box, (there) => {
      listHeld.value = there;
    });
    return () => {
      free();
      rows.disconnect();
      size.disconnect();
      box.removeEventListener('scroll', look);
      cancelAnimationFrame(frame);
    };
  }, []);

  return (
    <>
      <Pill to={hidden.above} up />
      <Pill to={hidden.below} />
    </>
  );
}

function Pill({ to, up }: { to: HTMLElement | undefined; up?: boolean }) {
  return to ? (
    <button
      type="button"
      class={cls(pill.pill, css.pill, up && css.up)}
      onClick={() => {
        to.scrollIntoView({ block: 'center' });
        to.focus({ preventScroll: true });
      }}
    >
      <Icon of={up ? ArrowUp : ArrowDown} size={0.875} />
      {to.dataset.more ?? t().moreUnread}
    </button>
  ) : null;
}
