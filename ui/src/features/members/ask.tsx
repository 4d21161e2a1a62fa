// The questions before somebody leaves a room, is taken out of it, or becomes an owner of it.
import { formatList } from '../../i18n';
import type { UserID } from '../../net/types';
import { go } from '../../router';
import { nameOf, titleOf } from '../../store/people';
import type { RoomState } from '../../store/rooms';
import { askBefore } from '../question/open';
import { leaveRoom, removeMember, setMemberRole } from './actions';
import { closePanel } from './panel';
import { t } from './texts';

export function askLeave(room: RoomState): void {
  const d = t();
  const texts = { direct: d.leaveGroupText, public: d.leavePublicText };
  askBefore({
    title: d.leaveRoomAsk(titleOf(room, formatList)),
    act: d.leaveRoom,
    async run() {
      const result = await leaveRoom(room.id);
      if (result.ok) {
        closePanel();
        go({ name: 'list' }, true);
      }
      return result;
    },
    children: (
      <>
        <p>{texts[room.kind as keyof typeof texts] ?? d.leavePrivateText}</p>
        {room.member_count === 1 && <p>{d.leaveLastText}</p>}
      </>
    ),
  });
}

export function askRemove(room: RoomState, person: UserID): void {
  const d = t();
  const name = nameOf(person);
  askBefore({
    title: d.removeAsk(name, titleOf(room, formatList)),
    act: d.removeFromRoom,
    run: () => removeMember(room.id, person),
    done: d.removedFromRoom(name),
    children: <p>{room.kind === 'public' ? d.removePublicText : d.removePrivateText}</p>,
  });
}

/** Asks before somebody becomes an owner of a room, who may then take out the one who made them that. */
export function askOwner(room: RoomState, person: UserID): void {
  const d = t();
  askBefore({
    title: d.makeOwnerAsk(nameOf(person), titleOf(room, formatList)),
    act: d.makeOwner,
    run: () => setMemberRole(room.id, person, 'owner'),
    children: <p>{d.makeOwnerText}</p>,
  });
}
