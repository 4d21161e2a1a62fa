// A room in the hands of its owners.
import { formatList } from '../../i18n';
import { closeDialog } from '../../kit/dialogs';
import type { RoomID } from '../../net/types';
import { go } from '../../router';
import { titleOf } from '../../store/people';
import { roomOf } from '../../store/rooms';
import { changeOwn, removeOwn } from './actions';
import { KeepRoom } from './KeepRoom';

export function KeepOwn({ room: id }: { room: RoomID }) {
  const room = roomOf(id).value;
  if (!room) {
    return null;
  }
  const remove = async () => {
    const result = await removeOwn(id);
    if (result.ok) {
      go({ name: 'list' }, true);
    }
    return result;
  };
  return (
    <KeepRoom
      room={room}
      title={titleOf(room, formatList)}
      word={room.name}
      archiveFirst
      change={(change) => changeOwn(id, change)}
      remove={remove}
      onClose={closeDialog}
    />
  );
}
