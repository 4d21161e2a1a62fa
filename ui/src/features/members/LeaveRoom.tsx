// Asks before the person leaves a room.
import { useState } from 'preact/hooks';
import { formatList } from '../../i18n';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { toast } from '../../kit/toasts';
import { go } from '../../router';
import { titleOf } from '../../store/people';
import type { RoomState } from '../../store/rooms';
import { failureText } from '../words/failures';
import { leaveRoom } from './actions';
import { closePanel } from './panel';
import { t } from './texts';

interface Props {
  room: RoomState;
  onClose: () => void;
}

export function LeaveRoom({ room, onClose }: Props) {
  const d = t();
  const [busy, setBusy] = useState(false);

  const leave = async () => {
    setBusy(true);
    const result = await leaveRoom(room.id);
    setBusy(false);
    onClose();
    if (result.ok) {
      closePanel();
      go({ name: 'list' }, true);
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  return (
    <Dialog
      title={d.leaveRoomAsk(titleOf(room, formatList))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{d.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={leave}>
            {d.leaveRoom}
          </Button>
        </>
      }
    >
      <p>
        {room.kind === 'direct'
          ? d.leaveGroupText
          : room.kind === 'public'
            ? d.leavePublicText
            : d.leavePrivateText}
      </p>
      {room.member_count === 1 && <p>{d.leaveLastText}</p>}
    </Dialog>
  );
}
