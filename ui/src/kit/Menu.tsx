// A button that opens a menu: native popover, arrows inside, Esc and a click outside close it.
import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from './Button';
import { cls } from './cls';
import { Icon } from './Icon';
import { openLayer } from './layers';
import css from './Menu.module.css';
import { place } from './place';

export interface MenuItem {
  label: string;
  icon?: IconNode;
  danger?: boolean;
  run: () => void;
}

interface Props {
  label: string;
  icon?: IconNode;
  items: readonly MenuItem[];
  small?: boolean;
  /** What the button shows instead of an icon. `class` is its style. */
  children?: ComponentChildren;
  class?: string | undefined;
}

export function Menu({ label, icon, items, small, children, class: className }: Props) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const rows = () => [...(menu.current?.querySelectorAll('button') ?? [])];

  const gone = useRef<(() => void) | undefined>(undefined);
  const over = (open: boolean) => {
    gone.current?.();
    gone.current = open ? openLayer(() => menu.current?.hidePopover()) : undefined;
  };
  // Its row may be taken away while it is open.
  useEffect(() => () => over(false), []);

  // The browser says this before it shows the menu, which cannot be measured yet. The next frame's callbacks run when
  // it can be, and before it is painted.
  const toggles = (event: { newState: string }) => {
    const open = event.newState === 'open';
    over(open);
    const button = menu.current?.previousElementSibling;
    button?.setAttribute('aria-expanded', String(open));
    if (open) {
      requestAnimationFrame(() => menu.current && button && place(menu.current, button));
    }
  };

  const moved = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      // Closing the menu gives the focus back to its button. Tab then moves on from there.
      menu.current?.hidePopover();
      return;
    }
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    all.at(next % all.length)?.focus();
  };

  const opens = { popovertarget: id, 'aria-haspopup': 'menu', 'aria-expanded': 'false' } as const;
  return (
    <>
      {icon ? (
        <IconButton icon={icon} label={label} small={small} {...opens} />
      ) : (
        <button type="button" class={className} aria-label={label} {...opens}>
          {children}
        </button>
      )}
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        class={css.menu}
        onBeforeToggle={toggles}
        onKeyDown={moved}
      >
        {items.map((item, index) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            // The browser focuses it the moment the menu opens. The toggle event would come after the next
            // key.
            autofocus={index === 0}
            tabIndex={-1}
            class={cls(css.item, item.danger && css.danger)}
            onClick={() => {
              menu.current?.hidePopover();
              item.run();
            }}
          >
            {item.icon && <Icon of={item.icon} size={1} />}
            <span>{item.label}</span>
          </button>
        ))}
      </div>
    </>
  );
}
