// One room in the list.
import { Pencil } from 'lucide';
import { formatList } from '../../i18n';
import { CountBadge } from '../../kit/CountBadge';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import type { RoomID } from '../../net/types';
import { pathOf } from '../../router';
import { draftOf } from '../../store/drafts';
import { titleOf } from '../../store/people';
import { roomOf } from '../../store/rooms';
import { RoomIcon } from '../people/RoomIcon';
import css from './RoomRow.module.css';
import { t } from './texts';

interface Props {
  id: RoomID;
  open: boolean;
  /** Tab stops at this row; arrows move on from there. */
  stop: boolean;
}

export function RoomRow({ id, open, stop }: Props) {
  const d = t();
  const room = roomOf(id).value;
  const draft = draftOf(id).value;
  if (!room) {
    // It keeps its place while somebody is at the list.
    return <li class={css.row} />;
  }
  const count = room.unread;
  const urgent = room.kind === 'direct' ? count : room.mentions;
  const name = titleOf(room, formatList);
  return (
    <li>
      <a
        href={pathOf({ name: 'room', room: id })}
        class={cls(css.row, count > 0 && css.unread)}
        aria-current={open ? 'page' : undefined}
        tabIndex={stop ? 0 : -1}
        data-room={id}
        data-unread={count > 0 || undefined}
      >
        <RoomIcon room={room} />
        <span class={css.name}>
          <bdi>{name}</bdi>
          {count > 0 && <span class="hidden">{d.listUnread('', count)}</span>}
        </span>
        {draft && !open && (
          <span class={css.draft} title={d.listDraft}>
            <Icon of={Pencil} size={0.875} />
            <span class="hidden">{d.listDraft}</span>
          </span>
        )}
        {urgent > 0 ? <CountBadge of={urgent} /> : count > 0 && <span class={css.dot} />}
      </a>
    </li>
  );
}
