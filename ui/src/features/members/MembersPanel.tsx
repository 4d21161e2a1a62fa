// The right-hand panel: who is in the room, with roles and presence.
import { EyeOff, LogOut, SlidersHorizontal, UserPlus, X } from 'lucide';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { isPhone, isWide } from '../../kit/layout';
import { Skeleton } from '../../kit/Skeleton';
import { useStill } from '../../kit/still';
import { toast } from '../../kit/toasts';
import type { Member, RoomID } from '../../net/types';
import { go } from '../../router';
import { nameOf, people } from '../../store/people';
import { presence } from '../../store/presence';
import { membersOf, previewOf, roomOf } from '../../store/rooms';
import { connection } from '../../store/session';
import { awayText, PhoneRetry } from '../away/away';
import { failureText } from '../failures/failureText';
import { PeopleList } from '../find-people/PeopleList';
import { watchPeople } from '../people/actions';
import { openEditRoom } from '../room-dialogs/open';
import { AskedList } from './AskedList';
import { hideRoom, loadMembers } from './actions';
import { askLeave } from './ask';
import css from './MembersPanel.module.css';
import { openAddMembers } from './open';
import { closePanel, openCard } from './panel';
import { t } from './texts';

/** The server reports the presence of at most this many people. */
const watched = 300;

export function MembersPanel({ room: id }: { room: RoomID }) {
  const d = t();
  const room = roomOf(id).value;
  const list = membersOf(id).value;
  // Loads again when the reader joins or leaves the room: the list is then outdated or gone.
  const known = room ?? previewOf(id).value;
  // It may not have come because the server was away.
  const missed = !list && connection.value;
  useEffect(() => {
    if (known) {
      void loadMembers(id);
    }
  }, [id, room?.meta, !list, !known, missed]);
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useAlone(box, heading);
  // After it: what opened the panel can have the focus only when nothing covers it.
  useReturn(box);
  useEffect(() => {
    watchPeople('panel', list?.members.slice(0, watched).map((member) => member.user_id) ?? []);
    return () => watchPeople('panel', []);
  }, [list]);

  const hide = async () => {
    const result = await hideRoom(id);
    if (result.ok) {
      closePanel();
      go({ name: 'list' }, true);
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };
  const here = presence.value;
  const states = list?.members.flatMap((member) => here.get(member.user_id)?.state ?? []) ?? [];
  const online = states.length ? states.filter((state) => state !== 'offline').length : undefined;
  const names = people.value;
  // The panel covers the parts of a phone that say so.
  const lost = isPhone.value ? awayText(true) : undefined;
  const present = useMemo(() => sorted(list?.members ?? []), [list, names]);
  const members = useStill(box, present, list && id);
  const owners = new Set(members.filter((one) => one.role === 'owner').map((one) => one.user_id));
  const mine = room?.role === 'owner' && room.kind !== 'direct';

  return (
    <aside ref={box} class={css.panel} aria-label={d.membersTitle} data-region="panel">
      <header class={css.head}>
        <h2 ref={heading} tabIndex={-1} class={css.title}>
          {d.membersTitle}
        </h2>
        <span class={cls(css.count, lost && css.lost)}>
          {lost ?? (list ? d.membersCount(members.length, online) : '')}
        </span>
        <PhoneRetry />
        <IconButton icon={X} label={d.close} onClick={closePanel} />
      </header>
      {room && room.kind !== 'direct' && !room.archived_at && (
        <div class={css.actions}>
          <Button icon={UserPlus} onClick={() => openAddMembers(id)}>
            {d.addPeople}
          </Button>
          {mine && (
            <Button icon={SlidersHorizontal} onClick={() => openEditRoom(id)}>
              {d.editRoom}
            </Button>
          )}
        </div>
      )}
      <div class={css.list}>
        {list ? (
          <PeopleList
            people={members.map((member) => member.user_id)}
            presence
            onPress={(person, row) => openCard(row, id, person)}
            end={(person) => owners.has(person) && <span class={css.role}>{d.roleOwner}</span>}
          />
        ) : (
          <Skeleton rows={6} tiles />
        )}
        {room && list && <AskedList room={id} meta={room.meta} />}
      </div>
      {room && (
        <footer class={css.foot}>
          {room.kind === 'direct' && (
            <Button icon={EyeOff} onClick={() => void hide()}>
              {d.hideRoom}
            </Button>
          )}
          {!(room.kind === 'direct' && room.member_count === 2) && (
            <Button kind="danger" icon={LogOut} onClick={() => askLeave(room)}>
              {d.leaveRoom}
            </Button>
          )}
        </footer>
      )}
    </aside>
  );
}

/** Where the panel covers the room, nothing under it can be pressed or has the focus. */
function useAlone(box: RefObject<HTMLElement | null>, heading: RefObject<HTMLElement | null>): void {
  const covers = !isWide.value;
  useLayoutEffect(() => {
    const panel = box.current;
    if (!covers || !panel) {
      return;
    }
    const under = document.querySelectorAll<HTMLElement>('[data-region]:is(nav, main)');
    if (!panel.contains(document.activeElement)) {
      heading.current?.focus();
    }
    for (const one of under) {
      one.inert = true;
    }
    return () => {
      for (const one of under) {
        one.inert = false;
      }
    };
  }, [covers]);
}

/** When it closes, what opened it gets the focus back, or the button that would. */
function useReturn(box: RefObject<HTMLElement | null>): void {
  const [opener] = useState(() => document.activeElement);
  useLayoutEffect(() => {
    const panel = box.current;
    return () => {
      const at = document.activeElement;
      if (at === document.body || panel?.contains(at)) {
        const there = opener?.isConnected && opener !== document.body;
        const to = there ? opener : document.querySelector('main header button[aria-expanded]');
        (to as HTMLElement | null)?.focus();
      }
    };
  }, []);
}

/** Owners first, then by name. */
function sorted(members: readonly Member[]): readonly Member[] {
  return [...members].sort(
    (a, b) =>
      Number(b.role === 'owner') - Number(a.role === 'owner') ||
      nameOf(a.user_id).localeCompare(nameOf(b.user_id)),
  );
}
