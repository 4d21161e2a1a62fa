// The keyboard shortcuts.

import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Kbd } from '../../kit/Kbd';
import css from './Shortcuts.module.css';
import { t } from './texts';

export function Shortcuts() {
  const d = t();
  const groups: [string, [string, string[]][]][] = [
    [
      d.shortcutGroups.move,
      [
        [d.shortcutSwitcher, ['Ctrl+K']],
        [d.shortcutRooms, ['Alt+↑', 'Alt+↓']],
        [d.shortcutUnread, ['Alt+Shift+↑', 'Alt+Shift+↓']],
        [d.shortcutRegions, ['F6']],
        [d.shortcutHelp, ['?', 'Ctrl+/']],
      ],
    ],
    [
      d.shortcutGroups.write,
      [
        [d.shortcutSend, ['Enter']],
        [d.shortcutBreak, ['Shift+Enter']],
        [`${d.shortcutEditLast} (${d.shortcutEmpty})`, ['↑']],
        [d.shortcutCancel, ['Esc']],
      ],
    ],
    [
      d.shortcutGroups.read,
      [
        [d.shortcutMarkRead, ['Esc']],
        [d.shortcutNewest, ['Alt+End']],
        [d.shortcutMessages, ['↑', '↓']],
      ],
    ],
  ];
  return (
    <Dialog title={d.shortcuts} onClose={closeDialog} text>
      {groups.map(([title, rows]) => (
        <section key={title} class={css.group}>
          <h3 class={css.title}>{title}</h3>
          <dl>
            {rows.map(([what, keys]) => (
              <div key={what} class={css.row}>
                <dt>{what}</dt>
                <dd class={css.keys}>
                  {keys.map((one) => (
                    <Kbd key={one} keys={one} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p class={css.note}>{d.shortcutCommands}</p>
    </Dialog>
  );
}
