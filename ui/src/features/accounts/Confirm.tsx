// The questions before what cannot be taken back, or ends somebody's work.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Choice } from '../../kit/Choice';
import { Dialog } from '../../kit/Dialog';
import form from '../../kit/form.module.css';
import { toast } from '../../kit/toasts';
import type { UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { failureText } from '../words/failures';
import { deactivate, type MessagesFate } from './actions';
import { t } from './texts';

/** Asks what becomes of somebody's messages, and deactivates them. */
export function Deactivate({ person, onClose }: { person: UserID; onClose: () => void }) {
  const d = t();
  const name = nameOf(person);
  const [messages, setMessages] = useState<MessagesFate>('keep');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const go = async () => {
    setBusy(true);
    const result = await deactivate(person, messages);
    setBusy(false);
    if (result.ok) {
      toast(d.accountsDeactivated(name));
      onClose();
    } else {
      setProblem(failureText(result.failure));
    }
  };

  return (
    <Dialog
      title={d.accountsDeactivateAsk(name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{d.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={() => void go()}>
            {d.accountsDeactivate}
          </Button>
        </>
      }
    >
      <div class={form.form}>
        {problem && (
          <p class={form.problem} role="alert">
            {problem}
          </p>
        )}
        <p>{d.accountsDeactivateText}</p>
        <Choice
          label={d.accountsMessages}
          value={messages}
          onValue={setMessages}
          options={[
            { value: 'keep', label: d.accountsKeep },
            { value: 'delete', label: d.accountsDelete, hint: d.accountsDeleteHint },
          ]}
        />
      </div>
    </Dialog>
  );
}

/** Asks before somebody becomes an owner, or the reader stops being one. */
export function ConfirmRole({ person, onClose }: { person: UserID; onClose: (yes: boolean) => void }) {
  const d = t();
  const mine = me.value?.id === person;
  return (
    <Dialog
      title={mine ? d.accountsStepDownAsk : d.accountsOwnerAsk(nameOf(person))}
      onClose={() => onClose(false)}
      actions={
        <>
          <Button onClick={() => onClose(false)}>{d.cancel}</Button>
          <Button kind="danger" onClick={() => onClose(true)}>
            {d.accountsChange}
          </Button>
        </>
      }
    >
      <p>{mine ? d.accountsStepDownText : d.accountsOwnerText}</p>
    </Dialog>
  );
}
