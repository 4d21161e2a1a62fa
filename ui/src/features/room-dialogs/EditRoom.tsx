// Changes the name and the topic of a room, for its owners. From here they archive and delete it, too.

import { Button } from '../../kit/Button';
import { closeDialog } from '../../kit/dialogs';
import type { RoomID } from '../../net/types';
import { rooms } from '../../store/rooms';
import { Own, openKeepOwn } from '../keep-room/open';
import { editRoom } from './actions';
import { RoomForm } from './RoomForm';
import { t } from './texts';

export function EditRoom({ room }: { room: RoomID }) {
  const d = t();
  const before = rooms.peek().get(room);

  const save = async (name: string, topic: string) => {
    const change = {
      ...(name.trim() === before?.name ? {} : { name: name.trim() }),
      ...(topic === before?.topic ? {} : { topic }),
    };
    if (Object.keys(change).length) {
      const result = await editRoom(room, change);
      if (!result.ok) {
        return result.failure;
      }
    }
    closeDialog();
  };

  if (before?.archived_at) {
    return <Own room={room} />;
  }
  return (
    <RoomForm
      title={d.editRoom}
      submit={d.save}
      name={before?.name ?? ''}
      topic={before?.topic ?? ''}
      onSubmit={save}
    >
      <div>
        <Button onClick={() => openKeepOwn(room)}>{d.editRoomKeep}</Button>
      </div>
    </RoomForm>
  );
}
