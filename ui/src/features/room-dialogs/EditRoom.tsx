// Changes the name and the topic of a room, for its owners.

import { closeDialog } from '../../kit/dialogs';
import type { RoomID } from '../../net/types';
import { rooms } from '../../store/rooms';
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

  return (
    <RoomForm
      title={d.editRoom}
      submit={d.save}
      name={before?.name ?? ''}
      topic={before?.topic ?? ''}
      onSubmit={save}
    />
  );
}
