// One room in the hands of the server's owners, with the people in it.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { Result } from '../../net/result';
import type { MemberRole, Members, UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { PeopleList } from '../find-people/PeopleList';
import { KeepRoom } from '../keep-room/KeepRoom';
import { usePages } from '../page/pages';
import { failureText } from '../words/failures';
import { changeAny, type KeptRoom, listAnyMembers, removeAny, setAnyRole, takeOut } from './actions';
import { t } from './texts';

type People = readonly { id: UserID; role: MemberRole }[];

interface Props {
  room: KeptRoom;
  title: string;
  onClose: (changed: boolean) => void;
}

export function LookAfter({ room, title, onClose }: Props) {
  const d = t();
  const [touched, setTouched] = useState(false);
  const members = usePages<People[number], Members>(
    (after) => listAnyMembers(room.id, after),
    (page) => page.members.map(({ user_id: id, role }) => ({ id, role })),
  );

  const run = async (act: Promise<Result>, said: string, edit: (list: People) => People) => {
    const result = await act;
    toast(result.ok ? said : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
    if (result.ok) {
      setTouched(true);
      members.edit(edit);
    }
  };
  const sets = (id: UserID, role: MemberRole) =>
    run(setAnyRole(room.id, id, role), d.saved, (list) =>
      list.map((one) => (one.id === id ? { id, role } : one)),
    );
  const takesOut = (id: UserID) =>
    run(takeOut(room.id, id), d.allRoomsTakenOut(nameOf(id)), (list) => list.filter((one) => one.id !== id));

  return (
    <KeepRoom
      room={room}
      title={title}
      word={String(room.id)}
      change={(change) => changeAny(room.id, change)}
      remove={() => removeAny(room.id)}
      onClose={(changed) => onClose(changed || touched)}
    >
      <h3>{d.allRoomsPeople}</h3>
      {members.problem && (
        <p class={form.problem} role="alert">
          {members.problem}
        </p>
      )}
      {members.list?.length ? (
        <PeopleList
          people={members.list.map((member) => member.id)}
          end={(id) =>
            id !== me.value?.id && (
              <>
                {room.kind !== 'direct' && (
                  <Select
                    label={d.allRoomsOwnerOf(nameOf(id))}
                    bare
                    value={members.list?.find((member) => member.id === id)?.role ?? 'member'}
                    onValue={(role) => void sets(id, role)}
                    options={[
                      ['member', d.allRoomsPlain],
                      ['owner', d.roleOwner],
                    ]}
                  />
                )}
                <Button aria-label={d.allRoomsTakeOutOf(nameOf(id))} onClick={() => void takesOut(id)}>
                  {d.allRoomsTakeOut}
                </Button>
              </>
            )
          }
        />
      ) : (
        <p class={form.note}>{d.roomMembers(room.member_count)}</p>
      )}
      {members.more && (
        <Button busy={members.busy} onClick={members.extend}>
          {d.allRoomsMore}
        </Button>
      )}
    </KeepRoom>
  );
}
