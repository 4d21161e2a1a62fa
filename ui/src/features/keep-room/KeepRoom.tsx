// Archives a room, makes it private, deletes it: for its owners, and for those who look after the server.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { toast } from '../../kit/toasts';
import type { Result } from '../../net/result';
import { failureText } from '../failures/failureText';
import { askBefore } from '../question/open';
import type { Change, Kept } from './actions';
import { t } from './texts';

interface Props {
  room: Kept;
  title: string;
  /** What has to be typed before the room is deleted. */
  word: string;
  /** Nothing when the person may not delete the room. */
  remove?: () => Promise<Result>;
  /** Deleting comes after archiving. */
  archiveFirst?: boolean;
  change: (change: Change) => Promise<Result>;
  onClose: (changed: boolean) => void;
  /** A list that comes later. */
  children?: ComponentChildren;
}

export function KeepRoom({ room, title, word, change, remove, archiveFirst, onClose, children }: Props) {
  const d = t();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const archived = Boolean(room.archived_at);

  const run = async (act: () => Promise<Result>, said: string) => {
    setBusy(true);
    const result = await act();
    setBusy(false);
    toast(result.ok ? said : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
    if (result.ok) {
      onClose(true);
    }
  };
  const changes = (to: Change) => () => void run(() => change(to), d.saved);

  const makePrivate = () =>
    askBefore({
      title: d.keepPrivateAsk(title),
      act: d.keepPrivate,
      async run() {
        const result = await change({ kind: 'private' });
        if (result.ok) {
          onClose(true);
        }
        return result;
      },
      done: d.saved,
      children: <p>{d.keepPrivateText}</p>,
    });

  return (
    <Dialog
      title={d.keepTitle(title)}
      onClose={() => onClose(false)}
      tall={children !== undefined}
      actions={<Button onClick={() => onClose(false)}>{d.close}</Button>}
    >
      <div class={css.form}>
        <p class={css.note}>{archived ? d.keepUnarchiveText : d.keepArchiveText}</p>
        <div>
          <Button busy={busy} onClick={changes({ archived: !archived })}>
            {archived ? d.keepUnarchive : d.keepArchive}
          </Button>
        </div>
        {room.kind === 'public' && (
          <>
            <p class={css.note}>{d.keepPrivateText}</p>
            <div>
              <Button busy={busy} onClick={makePrivate}>
                {d.keepPrivate}
              </Button>
            </div>
          </>
        )}
        {remove && archiveFirst && !archived && <p class={css.note}>{d.keepDeleteFirst}</p>}
        {remove && !(archiveFirst && !archived) && (
          <>
            <p class={css.note}>{d.keepDeleteText(word)}</p>
            <Field label={d.keepConfirm(word)} value={typed} onValue={setTyped} autocomplete="off" exact />
            <div>
              <Button
                kind="destroy"
                busy={busy}
                disabled={typed.trim() !== word}
                onClick={() => void run(remove, d.keepDeleted)}
              >
                {d.keepDelete}
              </Button>
            </div>
          </>
        )}
        {children}
      </div>
    </Dialog>
  );
}
