// The toolbar of a message. Only the row with the pointer or the focus has one.
import {
  CircleUserRound,
  Copy,
  Ellipsis,
  Flag,
  Link,
  MessageCircleOff,
  Pencil,
  Smile,
  SmilePlus,
  Trash2,
} from 'lucide';
import { useRef } from 'preact/hooks';
import { IconButton } from '../../kit/Button';
import { copyText } from '../../kit/copy';
import { Menu, type MenuItem } from '../../kit/Menu';
import { toast } from '../../kit/toasts';
import { pathOf } from '../../router';
import type { Message } from '../../store/messages';
import { nameOf } from '../../store/people';
import { prefs } from '../../store/prefs';
import { openPicker } from '../emoji/open';
import { openCard } from '../members/panel';
import { startEdit } from '../message-dialogs/editing';
import { askDelete, openReport, openWhoReacted } from '../message-dialogs/open';
import { markUnreadFrom } from './history';
import { react } from './Reactions';
import css from './RowToolbar.module.css';
import { mayModerate } from './rights';
import { t } from './texts';

interface Props {
  message: Message;
  mine: boolean;
  member: boolean;
}

export function RowToolbar({ message, mine, member }: Props) {
  const d = t();
  const bar = useRef<HTMLDivElement>(null);
  const { room_id: room, seq } = message;

  const copy = async (text: string) => {
    toast((await copyText(text)) ? d.copied : d.copyFailed);
  };
  const pick = () => {
    if (bar.current) {
      openPicker(bar.current, (emoji) => void react(message, emoji));
    }
  };
  const items: MenuItem[] = [
    {
      label: d.copyLink,
      icon: Link,
      run: () => void copy(location.origin + pathOf({ name: 'room', room, seq })),
    },
    { label: d.copyText, icon: Copy, run: () => void copy(message.body) },
  ];
  if (member) {
    items.push({ label: d.markUnread, icon: MessageCircleOff, run: () => markUnreadFrom(room, seq) });
  }
  if (message.reactions?.length) {
    items.push({ label: d.whoReacted, icon: Smile, run: () => openWhoReacted(room, seq) });
  }
  items.push({
    label: d.membersMore(nameOf(message.author_id)),
    icon: CircleUserRound,
    run: () => {
      const row = bar.current?.closest('article');
      if (row) {
        openCard(row, room, message.author_id);
      }
    },
  });
  if (!mine) {
    items.push({ label: d.reportMessage, icon: Flag, run: () => openReport(message) });
  }
  if (mine || mayModerate(message)) {
    items.push({ label: d.deleteMessage, icon: Trash2, danger: true, run: () => askDelete(message) });
  }

  return (
    <div ref={bar} class={css.bar} role="toolbar" aria-label={d.toolbar}>
      {member && (
        <>
          {prefs.value.recentEmoji.slice(0, 6).map((emoji) => (
            <button
              key={emoji}
              type="button"
              class={css.emoji}
              aria-label={d.reactWith(emoji)}
              title={d.reactWith(emoji)}
              onClick={() => void react(message, emoji)}
            >
              {emoji}
            </button>
          ))}
          <IconButton icon={SmilePlus} label={d.react} small onClick={pick} />
        </>
      )}
      {mine && <IconButton icon={Pencil} label={d.editMessage} small onClick={() => startEdit(room, seq)} />}
      <Menu label={d.more} icon={Ellipsis} items={items} small />
    </div>
  );
}
