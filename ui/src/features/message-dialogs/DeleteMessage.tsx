// Asks before a message is deleted for everyone.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeQuestion } from '../../kit/dialogs';
import { focusComposer } from '../../kit/focus';
import { toast } from '../../kit/toasts';
import type { Message } from '../../store/messages';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { failureText } from '../words/failures';
import { deleteMessage } from './actions';
import { t } from './texts';

export function DeleteMessage({ message }: { message: Message }) {
  const d = t();
  const onClose = () => {
    closeQuestion();
    // The menu that opened the dialog is closed, so the browser cannot give the focus back.
    requestAnimationFrame(focusComposer);
  };
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    const result = await deleteMessage(message.room_id, message.seq);
    if (!result.ok) {
      toast(failureText(result.failure), { kind: 'error' });
    }
    onClose();
  };
  return (
    <Dialog
      title={d.deleteTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{d.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={() => void run()}>
            {d.delete}
          </Button>
        </>
      }
    >
      <p>
        {message.author_id === me.value?.id ? d.deleteText : d.deleteOthersText(nameOf(message.author_id))}
      </p>
    </Dialog>
  );
}
