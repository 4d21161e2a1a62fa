// Makes a public or private room.
import { useState } from 'preact/hooks';
import { Choice } from '../../kit/Choice';
import { closeDialog } from '../../kit/dialogs';
import { go } from '../../router';
import { nameFrom } from '../account/nameFrom';
import { createRoom } from './actions';
import { RoomForm } from './RoomForm';
import { t } from './texts';

export function CreateRoom() {
  const d = t();
  const [kind, setKind] = useState<'public' | 'private'>('public');

  const create = async (name: string, topic: string) => {
    const result = await createRoom({ kind, name: nameFrom(name), topic });
    if (!result.ok) {
      return result.failure;
    }
    closeDialog();
    go({ name: 'room', room: result.value.id });
  };

  return (
    <RoomForm title={d.createRoom} submit={d.create} onSubmit={create}>
      <Choice
        label={d.createRoomKind}
        value={kind}
        onValue={setKind}
        options={[
          { value: 'public', label: d.createRoomPublic, hint: d.createRoomPublicHint },
          { value: 'private', label: d.createRoomPrivate, hint: d.createRoomPrivateHint },
        ]}
      />
    </RoomForm>
  );
}
