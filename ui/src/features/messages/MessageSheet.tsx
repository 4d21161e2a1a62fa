// The actions of a message for fingers: emoji to react with, and below them everything else, each in a row.
import { SmilePlus } from 'lucide';
import { cls } from '../../kit/cls';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Icon } from '../../kit/Icon';
import type { Message } from '../../store/messages';
import { nameOf } from '../../store/people';
import { prefs } from '../../store/prefs';
import { openPicker } from '../emoji/open';
import css from './MessageSheet.module.css';
import { editItem, isMine, itemsOf } from './messageItems';
import { react } from './Reactions';
import { t } from './texts';

interface Props {
  message: Message;
  member: boolean;
}

export function MessageSheet({ message, member }: Props) {
  const d = t();
  const row = () => document.querySelector<HTMLElement>(`[data-row="${message.seq}"] article`);
  const items = [...(isMine(message) ? [editItem(message)] : []), ...itemsOf(message, member, row)];
  const then = (act: () => void) => () => {
    closeDialog();
    // What comes next may open a dialog or move the focus, so this one is gone by then.
    requestAnimationFrame(act);
  };
  const pick = () => {
    const at = row();
    if (at) {
      openPicker(at, (emoji) => void react(message, emoji));
    }
  };

  return (
    <Dialog title={d.toolbar} onClose={closeDialog} sheet>
      <p class={css.about}>
        <bdi>{nameOf(message.author_id)}</bdi>
        <span dir="auto">{message.body.slice(0, 200)}</span>
      </p>
      {member && (
        <div class={css.emoji}>
          {prefs.value.recentEmoji.slice(0, 5).map((emoji) => (
            <button
              key={emoji}
              type="button"
              class={css.react}
              aria-label={d.reactWith(emoji)}
              onClick={then(() => void react(message, emoji))}
            >
              {emoji}
            </button>
          ))}
          <button type="button" class={css.react} aria-label={d.react} onClick={then(pick)}>
            <Icon of={SmilePlus} size={1.375} />
          </button>
        </div>
      )}
      <ul>
        {items.map((item) => (
          <li key={item.label}>
            <button type="button" class={cls(css.item, item.danger && css.danger)} onClick={then(item.run)}>
              {item.icon && <Icon of={item.icon} />}
              <span>{item.label}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
