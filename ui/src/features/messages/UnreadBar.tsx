// The bar over the list while something is unread and the line above it is out of sight: how much was unread when
// the room was opened, since when, and two buttons.
import { formatDate, formatTime } from '../../i18n';
import { cls } from '../../kit/cls';
import { focusRoom } from '../../kit/focus';
import pill from '../../kit/Pill.module.css';
import { segmentOf, unreadLine } from '../../store/messages';
import { type RoomID, roomOf } from '../../store/rooms';
import { markRead } from './history';
import { jumpTo } from './jump';
import type { ListView } from './listView';
import { sameDay } from './rows';
import { t } from './texts';
import css from './UnreadBar.module.css';
// Needed when somebody goes through the messages with keys, and so fetched with this.
import '../wide/wide';

export function UnreadBar({ view, room }: { view: ListView; room: RoomID }) {
  const line = unreadLine.value;
  const head = roomOf(room).value;
  if (
    view.lineSeen.value ||
    !head?.unread ||
    line?.room !== room ||
    line.quiet ||
    head.read_seq >= line.until
  ) {
    return null;
  }
  const d = t();
  const { count } = line;
  const act = (what: () => void) => () => {
    what();
    focusRoom();
  };
  const first = segmentOf(room).value?.messages.find((m) => m.seq === line.seq);
  return (
    <div class={cls(pill.pill, css.bar)}>
      <span class={css.text}>
        {first ? d.newSince(count, since(first.created_at)) : d.newMessages(count)}
      </span>
      <span class={css.acts}>
        <button type="button" class={css.act} onClick={act(() => jumpTo(room, { seq: line.seq }))}>
          {d.jump}
        </button>
        <button type="button" class={css.act} onClick={act(() => markRead(room))}>
          {d.markRead}
        </button>
      </span>
    </div>
  );
}

function since(at: number): string {
  return sameDay(at, Date.now()) ? formatTime(at) : formatDate(at);
}
