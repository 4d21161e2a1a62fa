// All rooms of the server, for its owners: what they are, and not what is said there.
import { useRef, useState } from 'preact/hooks';
import { formatDate, formatList } from '../../i18n';
import { Button } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { nameOf, personOf, type UserID } from '../../store/people';
import { PagedList } from '../page/PagedList';
import list from '../page/PagedList.module.css';
import { usePages } from '../page/pages';
import { RoomIcon } from '../people/RoomIcon';
import { type KeptRoom, listAllRooms } from './actions';
import { LookAfter } from './LookAfter';
import { t } from './texts';

export function AllRooms() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const pages = usePages(listAllRooms, (answer) => answer.rooms);
  const [looking, setLooking] = useState<KeptRoom>();

  const close = (changed: boolean) => {
    const id = looking?.id;
    setLooking(undefined);
    if (changed) {
      pages.load();
    }
    requestAnimationFrame(() => {
      const row = box.current?.querySelector<HTMLElement>(`[data-kept="${id}"] button`);
      (row ?? box.current?.querySelector<HTMLElement>('[data-kept] button'))?.focus();
    });
  };

  return (
    <PagedList
      pages={pages}
      row={(room) => <Row key={room.id} room={room} onLook={() => setLooking(room)} />}
      failed={d.allRoomsFailed}
      next={d.allRoomsMore}
      note={d.allRoomsText}
      tiles
      box={box}
    >
      {looking && <LookAfter room={looking} title={titleOf(looking)} onClose={close} />}
    </PagedList>
  );
}

/** The name of a room that the person sees, or else its number. */
function titleOf(room: KeptRoom): string {
  return room.name || t().allRoomsNumber(room.id);
}

/** The name of an owner. With nobody but deactivated ones a room needs another. */
function ownerOf(id: UserID): string {
  const name = nameOf(id);
  return personOf(id).value?.deactivated ? t().allRoomsOwnerGone(name) : name;
}

function Row({ room, onLook }: { room: KeptRoom; onLook: () => void }) {
  const d = t();
  const title = titleOf(room);
  const facts = [
    d.allRoomsKind[room.kind],
    d.roomMembers(room.member_count),
    d.allRoomsMessages(room.messages),
    room.bytes > 0 && d.allRoomsSize(Math.ceil(room.bytes / 1024)),
    d.allRoomsMade(formatDate(room.created_at)),
  ];
  return (
    <li class={cls(list.row, Boolean(room.archived_at) && list.past)} data-kept={room.id}>
      <RoomIcon room={room} />
      <div class={list.grow}>
        <p class={list.name}>
          <bdi>{title}</bdi>
        </p>
        <p class={list.detail}>{facts.filter(Boolean).join(' · ')}</p>
        {room.owner_ids.length > 0 && (
          <p class={list.detail}>{d.allRoomsOwners(formatList(room.owner_ids.map(ownerOf)))}</p>
        )}
        {room.archived_at && <p class={list.detail}>{d.allRoomsArchived(formatDate(room.archived_at))}</p>}
      </div>
      {room.kind !== 'announcements' && (
        <Button aria-label={d.allRoomsLookAt(title)} onClick={onLook}>
          {d.allRoomsLook}
        </Button>
      )}
    </li>
  );
}
