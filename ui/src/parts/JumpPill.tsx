// The button over the end of the list while the end is out of sight: what came meanwhile, and the way there.
import { ArrowDown } from 'lucide';
import { leavePermalink } from '../actions';
import { t } from '../i18n';
import { type RoomID, roomOf } from '../store/rooms';
import { Icon } from './Icon';
import css from './JumpPill.module.css';
import type { ListView } from './listView';

export function JumpPill({ view, room }: { view: ListView; room: RoomID }) {
  if (!view.away.value) {
    return null;
  }
  const d = t();
  const count = Math.max(0, (roomOf(room).value?.seq ?? 0) - view.seenTo.value);
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
