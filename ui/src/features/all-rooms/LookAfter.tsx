// One room in the hands of the server's owners, with the people in it.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { MemberRole, Members, UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { failureText } from '../failures/failureText';
import { Unloaded } from '../failures/Unloaded';
import { PeopleList } from '../find-people/PeopleList';
import { KeepRoom } from '../keep-room/KeepRoom';
import { usePages } from '../page/pages';
import { askBefore } from '../question/open';
import { changeAny, type KeptRoom, listAnyMembers, removeAny, setAnyRole, takeOut } from './actions';
import { t } from './texts';

interface Person {
  id: UserID;
  role: MemberRole;
}

interface Props {
  room: KeptRoom;
  title: string;
  onClose: (changed: boolean) => void;
}

export function LookAfter({ room, title, onClose }: Props) {
  const d = t();
  const [touched, setTouched] = useState(false);
  const members = usePages<Person, Members>(
    (after) => listAnyMembers(room.id, after),
    (page) => page.members.map(({ user_id: id, role }) => ({ id, role })),
  );

  const sets = async (id: UserID, role: MemberRole) => {
    const result = await setAnyRole(room.id, id, role);
    toast(result.ok ? d.saved : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
    if (result.ok) {
      setTouched(true);
      members.edit((list) => list.map((one) => (one.id === id ? { id, role } : one)));
    }
  };
  const takesOut = (id: UserID) =>
    askBefore({
      title: d.allRoomsTakeOutAsk(nameOf(id), title),
      act: d.allRoomsTakeOut,
      async run() {
        const result = await takeOut(room.id, id);
        if (result.ok) {
          setTouched(true);
          members.edit((list) => list.filter((one) => one.id !== id));
        }
        return result;
      },
      done: d.allRoomsTakenOut(nameOf(id)),
      children: <p>{d.allRoomsTakeOutText}</p>,
    });

  return (
    <KeepRoom
      room={room}
      title={title}
      word={room.name || String(room.id)}
      change={(change) => changeAny(room.id, change)}
      remove={() => removeAny(room.id)}
      onClose={(changed) => onClose(changed || touched)}
    >
      <h3>{d.allRoomsPeople}</h3>
      {members.problem && (
        <Unloaded why={members.problem} again={members.list ? members.extend : members.load} />
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
                <Button
                  kind="danger"
                  aria-label={d.allRoomsTakeOutOf(nameOf(id))}
                  onClick={() => takesOut(id)}
                >
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
