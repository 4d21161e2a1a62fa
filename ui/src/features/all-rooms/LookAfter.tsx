// One room in the hands of the server's owners, with the people in it.
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { Result } from '../../net/result';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { PeopleList } from '../find-people/PeopleList';
import { KeepRoom } from '../keep-room/KeepRoom';
import { failureText } from '../words/failures';
import {
  changeAny,
  type KeptRoom,
  listAnyMembers,
  type Member,
  removeAny,
  setAnyRole,
  takeOut,
} from './actions';
import { t } from './texts';

interface Props {
  room: KeptRoom;
  title: string;
  onClose: (changed: boolean) => void;
}

export function LookAfter({ room, title, onClose }: Props) {
  const d = t();
  const [members, setMembers] = useState<readonly Member[]>();
  const [touched, setTouched] = useState(false);

  const load = async () => {
    const result = await listAnyMembers(room.id);
    if (result.ok) {
      setMembers(result.value.members);
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };
  useEffect(() => void load(), [room.id]);

  const run = async (act: Promise<Result>, said: string) => {
    const result = await act;
    toast(result.ok ? said : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
    if (result.ok) {
      setTouched(true);
      await load();
    }
  };

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
      {members?.length ? (
        <PeopleList
          people={members.map((member) => member.user_id)}
          end={(id) =>
            id !== me.value?.id && (
              <>
                {room.kind !== 'direct' && (
                  <Select
                    label={d.allRoomsOwnerOf(nameOf(id))}
                    bare
                    value={members.find((member) => member.user_id === id)?.role ?? 'member'}
                    onValue={(role) => void run(setAnyRole(room.id, id, role), d.saved)}
                    options={[
                      ['member', d.allRoomsPlain],
                      ['owner', d.roleOwner],
                    ]}
                  />
                )}
                <Button
                  aria-label={d.allRoomsTakeOutOf(nameOf(id))}
                  onClick={() => void run(takeOut(room.id, id), d.allRoomsTakenOut(nameOf(id)))}
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
    </KeepRoom>
  );
}
