// Adds people of the server to a room.
import { useEffect } from 'preact/hooks';
import { formatList } from '../../i18n';
import { closeDialog } from '../../kit/dialogs';
import { toast } from '../../kit/toasts';
import type { RoomID, UserID } from '../../net/types';
import { people, titleOf } from '../../store/people';
import { membersOf, roomOf } from '../../store/rooms';
import { connection, isAdmin } from '../../store/session';
import { failureText } from '../failures/failureText';
import { PickPeople } from '../find-people/PickPeople';
import { waitingFor } from '../find-people/waiting';
import { addMembers, loadMembers } from './actions';
import { askedTurn } from './asked';
import { t } from './texts';

export function AddMembers({ room }: { room: RoomID }) {
  const d = t();
  const known = membersOf(room).value;
  const shown = roomOf(room).value;
  // It may not have come because the server was away.
  useEffect(() => void loadMembers(room), [room, !known && connection.value]);

  const here = new Set(known?.members.map((member) => member.user_id));
  const others = [...people.value.values()].filter((user) => !here.has(user.id) && !user.deactivated);

  const add = async (picked: readonly UserID[]) => {
    const result = await addMembers(room, picked);
    if (result.ok) {
      closeDialog();
      const { added, asked } = result.value;
      if (asked.length) {
        askedTurn.value++;
      }
      const words = [added.length ? d.addedPeople(added.length) : '', waitingFor(asked)];
      toast(words.filter(Boolean).join(' · '));
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  return (
    <PickPeople
      title={d.addPeopleTo(shown ? titleOf(shown, formatList) : '')}
      people={known && others}
      nobody={{ title: d.everyoneHere, text: isAdmin.value ? d.everyoneHereText : undefined }}
      act={d.add}
      onAct={add}
    />
  );
}
