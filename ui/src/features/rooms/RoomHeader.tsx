// Which room it is: name, topic, members, and what can be done with it.
import { ArrowLeft, Ellipsis, Pencil, Star, StarOff, UserPlus, Users } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { Icon } from '../../kit/Icon';
import { isPhone } from '../../kit/layout';
import { later } from '../../kit/lazy';
import { Menu, type MenuItem } from '../../kit/Menu';
import { isTouch } from '../../kit/touch';
import type { RoomID, RoomState, RoomView } from '../../store/rooms';
import { openAddMembers } from '../members/open';
import { panelOpen, togglePanel } from '../members/panel';
import { RoomIcon } from '../people/RoomIcon';
import { openEditRoom } from '../room-dialogs/open';
import css from './RoomHeader.module.css';
import { t } from './texts';

const favorites = later(() => import('./favorites'));

interface Props {
  id: RoomID;
  /** Undefined until it is known. */
  room?: RoomState | RoomView;
  title: string;
  member: boolean;
}

export function RoomHeader({ id, room, title, member }: Props) {
  const d = t();
  const heading = useRef<HTMLHeadingElement>(null);
  const open = panelOpen.value;
  const items = member && room ? itemsFor(room as RoomState) : [];
  // On touch the composer does not take the focus. The heading does, so that a screen reader says the room's
  // name. Before the page is painted: whoever sees a message may tap it.
  useLayoutEffect(() => {
    if (isTouch()) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [id]);
  return (
    <header class={css.header}>
      {isPhone.value && (
        <a class={css.back} href="/" aria-label={d.roomBack}>
          <Icon of={ArrowLeft} />
        </a>
      )}
      {room && <RoomIcon room={room} />}
      <div class={css.names}>
        <h1 ref={heading} class={css.name} tabIndex={-1}>
          {room ? <bdi>{title}</bdi> : <span class="hidden">{d.loading}</span>}
        </h1>
        {room?.topic && (
          <p class={css.topic} title={room.topic}>
            <bdi>{room.topic}</bdi>
          </p>
        )}
      </div>
      {room && (
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
      )}
      {items.length > 0 && <Menu label={d.more} icon={Ellipsis} items={items} />}
    </header>
  );
}

function itemsFor(room: RoomState): MenuItem[] {
  const d = t();
  const { id, kind, favorite } = room;
  const items: MenuItem[] = [];
  if (kind === 'public' || kind === 'private') {
    if (!room.archived_at) {
      items.push({ label: d.addPeople, icon: UserPlus, run: () => openAddMembers(id) });
    }
    if (room.role === 'owner') {
      items.push({ label: d.editRoom, icon: Pencil, run: () => openEditRoom(id) });
    }
  }
  items.push({
    label: favorite ? d.favoriteRemove : d.favoriteAdd,
    icon: favorite ? StarOff : Star,
    run: () => void favorites().then((it) => it?.setFavorite(id, !favorite)),
  });
  return items;
}
