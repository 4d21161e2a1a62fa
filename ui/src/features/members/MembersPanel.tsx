// The right-hand panel: who is in the room, with roles and presence.
import { EyeOff, LogOut, SlidersHorizontal, UserPlus, X } from 'lucide';
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { Button, IconButton } from '../../kit/Button';
import { isWide } from '../../kit/layout';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import type { Member, RoomID } from '../../net/types';
import { go } from '../../router';
import { nameOf, people } from '../../store/people';
import { presence } from '../../store/presence';
import { membersOf, previewOf, roomOf } from '../../store/rooms';
import { PeopleList } from '../find-people/PeopleList';
import { watchPeople } from '../people/actions';
import { openEditRoom } from '../room-dialogs/open';
import { failureText } from '../words/failures';
import { hideRoom, loadMembers } from './actions';
import { LeaveRoom } from './LeaveRoom';
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
  const [leaving, setLeaving] = useState(false);
  // Loads again when the reader joins or leaves the room: the list is then outdated or gone.
  const known = room ?? previewOf(id).value;
  useEffect(() => {
    if (known) {
      void loadMembers(id);
    }
  }, [id, room?.meta, !list, !known]);
  useBack();
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
  const there = (member: Member) => here.get(member.user_id)?.state ?? 'offline';
  const online = list?.members.filter((member) => there(member) !== 'offline').length ?? 0;
  const names = people.value;
  const members = useMemo(() => sorted(list?.members ?? []), [list, names]);
  const owners = new Set(members.filter((one) => one.role === 'owner').map((one) => one.user_id));
  const mine = room?.role === 'owner' && room.kind !== 'direct';

  return (
    <aside class={css.panel} aria-label={d.membersTitle} data-region="panel">
      <header class={css.head}>
        <h2 class={css.title}>{d.membersTitle}</h2>
        <span class={css.count}>{list ? d.membersCount(members.length, online) : ''}</span>
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
      </div>
      {room && (
        <footer class={css.foot}>
          {room.kind === 'direct' && (
            <Button icon={EyeOff} onClick={() => void hide()}>
              {d.hideRoom}
            </Button>
          )}
          {!(room.kind === 'direct' && room.member_count === 2) && (
            <Button kind="danger" icon={LogOut} onClick={() => setLeaving(true)}>
              {d.leaveRoom}
            </Button>
          )}
        </footer>
      )}
      {leaving && room && <LeaveRoom room={room} onClose={() => setLeaving(false)} />}
    </aside>
  );
}

/** Where the panel covers the room, Back closes the panel and stays in the room. */
function useBack(): void {
  // Runs before the panel is painted: a person who sees it may go back.
  useLayoutEffect(() => {
    if (isWide.peek()) {
      return;
    }
    history.pushState('panel', '');
    addEventListener('popstate', closePanel);
    return () => {
      removeEventListener('popstate', closePanel);
      if (history.state === 'panel') {
        history.back();
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
