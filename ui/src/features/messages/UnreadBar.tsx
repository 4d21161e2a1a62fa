// The bar over the list while something is unread: how much, since when, and two buttons.
import { formatDate, formatTime } from '../../i18n';
import { segmentOf, unreadLine } from '../../store/messages';
import { type RoomID, roomOf, unread } from '../../store/rooms';
import { markRead } from './history';
import { jumpTo } from './jump';
import { sameDay } from './rows';
import { t } from './texts';
import css from './UnreadBar.module.css';

export function UnreadBar({ room }: { room: RoomID }) {
  const line = unreadLine.value;
  const head = roomOf(room).value;
  const count = head ? unread(head) : 0;
  if (!head || line?.room !== room || line.quiet || !count || head.read_seq >= line.until) {
    return null;
  }
  const d = t();
  const first = segmentOf(room).value?.messages.find((m) => m.seq === line.seq);
  return (
    <div class={css.bar}>
      <span class={css.text}>
        {first ? d.newSince(count, since(first.created_at)) : d.newMessages(count)}
      </span>
      <span class={css.acts}>
        <button type="button" class={css.act} onClick={() => jumpTo(room, { seq: line.seq })}>
          {d.jump}
        </button>
        <button type="button" class={css.act} onClick={() => markRead(room)}>
          {d.markRead}
        </button>
      </span>
    </div>
  );
}

function since(at: number): string {
  return sameDay(at, Date.now()) ? formatTime(at) : formatDate(at);
}
