// Which room it is: name, topic, members, and what can be done with it.
import { ArrowLeft, Ellipsis, Pencil, UserPlus, Users } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { Icon } from '../../kit/Icon';
import { isPhone } from '../../kit/layout';
import { Menu, type MenuItem } from '../../kit/Menu';
import { isTouch } from '../../kit/touch';
import type { RoomState, RoomView } from '../../store/rooms';
import { openAddMembers } from '../members/open';
import { panelOpen, togglePanel } from '../members/panel';
import { RoomIcon } from '../people/RoomIcon';
import { openEditRoom } from '../room-dialogs/open';
import css from './RoomHeader.module.css';
import { t } from './texts';

interface Props {
  room: RoomState | RoomView;
  title: string;
  member: boolean;
}

export function RoomHeader({ room, title, member }: Props) {
  const d = t();
  const heading = useRef<HTMLHeadingElement>(null);
  const open = panelOpen.value;
  const items = member ? itemsFor(room) : [];
  // On touch the composer does not take the focus. The heading does, so that a screen reader says the room's
  // name.
  useEffect(() => {
    if (isTouch()) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [room.id]);
  return (
    <header class={css.header}>
      {isPhone.value && (
        <a class={css.back} href="/" aria-label={d.roomBack}>
          <Icon of={ArrowLeft} />
        </a>
      )}
      <RoomIcon room={room} />
      <div class={css.names}>
        <h1 ref={heading} class={css.name} tabIndex={-1}>
          {title}
        </h1>
        {room.topic && (
          <p class={css.topic} title={room.topic}>
            {room.topic}
          </p>
        )}
      </div>
      <button
        type="button"
        class={css.members}
        aria-expanded={open}
        title={d.roomMembers(room.member_count)}
        onClick={togglePanel}
      >
        <Icon of={Users} size={1} />
        <span aria-hidden="true">{formatNumber(room.member_count)}</span>
        <span class="hidden">{`${open ? d.roomHideMembers : d.roomShowMembers} (${d.roomMembers(room.member_count)})`}</span>
      </button>
      {items.length > 0 && <Menu label={d.more} icon={Ellipsis} items={items} />}
    </header>
  );
}

function itemsFor(room: RoomState | RoomView): MenuItem[] {
  const d = t();
  const { id, kind } = room;
  const items: MenuItem[] = [];
  if (kind === 'public' || kind === 'private') {
    if (!room.archived_at) {
      items.push({ label: d.addPeople, icon: UserPlus, run: () => openAddMembers(id) });
    }
    if (room.role === 'owner') {
      items.push({ label: d.editRoom, icon: Pencil, run: () => openEditRoom(id) });
    }
  }
  return items;
}
