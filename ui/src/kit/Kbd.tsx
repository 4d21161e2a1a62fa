// Shows a keyboard shortcut with the names that this machine's keyboard has.
import css from './Kbd.module.css';

const mac = /mac|iphone|ipad/i.test(navigator.platform);

/** Ctrl or ⌘ with a key. */
export const shortcut = (key: string) => (mac ? `⌘${key}` : `Ctrl ${key}`);

const names: Record<string, string> = mac ? { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' } : {};

/** `Kbd keys="Alt+Shift+↑"` */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span class={css.keys}>
      {keys.split('+').map((key) => (
        <kbd key={key} class={css.key}>
          {names[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
