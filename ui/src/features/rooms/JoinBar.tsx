// Stands in place of the composer for a reader who is not a member of the public room.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { toast } from '../../kit/toasts';
import type { RoomID } from '../../store/rooms';
import { joinRoom } from '../room-dialogs/actions';
import { failureText } from '../words/failures';
import css from './JoinBar.module.css';
import { t } from './texts';

export function JoinBar({ room }: { room: RoomID }) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    const result = await joinRoom(room);
    setBusy(false);
    if (!result.ok) {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };
  return (
    <div class={css.bar}>
      <span>{d.roomPreview}</span>
      <Button kind="primary" busy={busy} onClick={() => void join()}>
        {d.roomJoin}
      </Button>
    </div>
  );
}
