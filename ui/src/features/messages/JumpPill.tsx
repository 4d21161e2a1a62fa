// The button that shows while the end of the list is out of sight. It counts new messages and scrolls to the
// end.
import { ArrowDown } from 'lucide';
import { cls } from '../../kit/cls';
import { focusRoom } from '../../kit/focus';
import { Icon } from '../../kit/Icon';
import pill from '../../kit/Pill.module.css';
import { type RoomID, roomOf } from '../../store/rooms';
import { leavePermalink } from './history';
import css from './JumpPill.module.css';
import type { ListView } from './listView';
import { t } from './texts';

export function JumpPill({ view, room }: { view: ListView; room: RoomID }) {
  if (!view.away.value) {
    return null;
  }
  const d = t();
  const head = roomOf(room).value;
  // Messages read in another tab are not new, though this list has not shown them.
  const count = head ? Math.max(0, Math.min(head.unread, head.seq - view.seenTo.value)) : 0;
  return (
    <button
      type="button"
      class={cls(pill.pill, css.pill)}
      onClick={() => {
        leavePermalink();
        view.toEnd();
        focusRoom();
      }}
    >
      <Icon of={ArrowDown} size={1} />
      <span>{count ? d.newMessages(count) : d.jumpToPresent}</span>
    </button>
  );
}
