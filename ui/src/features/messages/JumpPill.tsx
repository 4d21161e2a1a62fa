// The button that shows while the end of the list is out of sight. It counts new messages and scrolls to the
// end.
import { ArrowDown } from 'lucide';
import { Icon } from '../../kit/Icon';
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
  const count = head ? Math.max(0, head.seq - Math.max(view.seenTo.value, head.read_seq)) : 0;
  return (
    <button
      type="button"
      class={css.pill}
      onClick={() => {
        leavePermalink();
        view.toEnd();
      }}
    >
      <Icon of={ArrowDown} size={1} />
      <span>{count ? d.newMessages(count) : d.jumpToPresent}</span>
    </button>
  );
}
