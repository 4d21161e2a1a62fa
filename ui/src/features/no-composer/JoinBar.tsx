// For a reader who is not a member of the public room.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import type { RoomID } from '../../store/rooms';
import { toastFailure } from '../failures/tell';
import { joinRoom } from '../room-dialogs/actions';
import { t } from './texts';

export function JoinBar({ room }: { room: RoomID }) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    const result = await joinRoom(room);
    setBusy(false);
    if (!result.ok) {
      void toastFailure(result.failure);
    }
  };
  return (
    <>
      <span>{d.roomPreview}</span>
      <Button kind="primary" busy={busy} onClick={() => void join()}>
        {d.roomJoin}
      </Button>
    </>
  );
}
