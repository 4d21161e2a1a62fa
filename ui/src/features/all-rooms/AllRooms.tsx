// All rooms of the server, for its owners: what they are, and not what is said there.
import { Lock } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDate, formatList } from '../../i18n';
import { Button } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { EmptyState } from '../../kit/EmptyState';
import form from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import type { RoomID } from '../../net/types';
import { nameOf } from '../../store/people';
import { isOwner } from '../../store/session';
import { Page } from '../page/Page';
import { RoomIcon } from '../people/RoomIcon';
import { failureText } from '../words/failures';
import css from './AllRooms.module.css';
import { type KeptRoom, listAllRooms } from './actions';
import { LookAfter } from './LookAfter';
import { t } from './texts';

export function AllRooms() {
  const d = t();
  return (
    <Page title={d.allRoomsTitle}>
      {isOwner.value ? <List /> : <EmptyState icon={Lock} title={d.allRoomsAdminsOnly} />}
    </Page>
  );
}

function List() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const [rooms, setRooms] = useState<readonly KeptRoom[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [looking, setLooking] = useState<KeptRoom>();

  const load = async (after?: RoomID) => {
    setBusy(true);
    const result = await listAllRooms(after);
    setBusy(false);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      const { rooms: page, more: left } = result.value;
      setRooms((known) => (after ? [...(known ?? []), ...page] : page));
      setMore(left);
    }
  };
  useEffect(() => void load(), []);

  const close = (changed: boolean) => {
    const id = looking?.id;
    setLooking(undefined);
    if (changed) {
      void load();
    }
    requestAnimationFrame(() => {
      const row = box.current?.querySelector<HTMLElement>(`[data-kept="${id}"] button`);
      (row ?? box.current?.querySelector<HTMLElement>('[data-kept] button'))?.focus();
    });
  };

  return (
    <div ref={box} class={css.page}>
      <p class={form.note}>{d.allRoomsText}</p>
      {problem && (
        <p class={form.problem} role="alert">
          {rooms ? problem : d.allRoomsFailed}{' '}
          {!rooms && <Button onClick={() => void load()}>{d.retry}</Button>}
        </p>
      )}
      {!rooms && !problem && <Skeleton rows={6} tiles />}
      <ul class={css.list}>
        {rooms?.map((room) => (
          <Row key={room.id} room={room} onLook={() => setLooking(room)} />
        ))}
      </ul>
      {more && (
        <div>
          <Button busy={busy} onClick={() => void load(rooms?.at(-1)?.id)}>
            {d.allRoomsMore}
          </Button>
        </div>
      )}
      {looking && <LookAfter room={looking} title={titleOf(looking)} onClose={close} />}
    </div>
  );
}

/** The name of a room that the person sees, or else its number. */
function titleOf(room: KeptRoom): string {
  return room.name || t().allRoomsNumber(room.id);
}

function Row({ room, onLook }: { room: KeptRoom; onLook: () => void }) {
  const d = t();
  const title = titleOf(room);
  const facts = [
    d.allRoomsKind[room.kind],
    d.roomMembers(room.member_count),
    d.allRoomsMessages(room.messages),
    d.allRoomsSize(Math.ceil(room.bytes / 1024)),
    d.allRoomsMade(formatDate(room.created_at)),
  ];
  return (
    <li class={cls(css.row, Boolean(room.archived_at) && css.archived)} data-kept={room.id}>
      <RoomIcon room={room} />
      <div class={css.grow}>
        <p class={css.name}>{title}</p>
        <p class={css.detail}>{facts.join(' · ')}</p>
        {room.owner_ids.length > 0 && (
          <p class={css.detail}>{d.allRoomsOwners(formatList(room.owner_ids.map(nameOf)))}</p>
        )}
        {room.archived_at && <p class={css.detail}>{d.allRoomsArchived(formatDate(room.archived_at))}</p>}
      </div>
      {room.kind !== 'announcements' && (
        <Button aria-label={d.allRoomsLookAt(title)} onClick={onLook}>
          {d.allRoomsLook}
        </Button>
      )}
    </li>
  );
}
