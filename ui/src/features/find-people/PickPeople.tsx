// A dialog in which one picks people, or reads that there is nobody to pick.
import { UserPlus } from 'lucide';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { EmptyState } from '../../kit/EmptyState';
import { Skeleton } from '../../kit/Skeleton';
import type { User, UserID } from '../../net/types';
import { isAdmin } from '../../store/session';
import { openInvite } from '../invites/open';
import { PeoplePicker } from './PeoplePicker';
import { t } from './texts';

interface Props {
  title: string;
  /** Undefined until they are known. */
  people: readonly User[] | undefined;
  /** What is said when there is nobody. */
  nobody: { title: string; text?: string | undefined };
  /** How many may be picked. */
  most?: number | undefined;
  /** Names what is done with those who were picked. */
  act: string;
  onAct: (picked: readonly UserID[]) => Promise<unknown>;
}

export function PickPeople({ title, people, nobody, most, act, onAct }: Props) {
  const d = t();
  const [picked, setPicked] = useState<readonly UserID[]>([]);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await onAct(picked);
    setBusy(false);
  };

  if (people?.length === 0) {
    const invite = isAdmin.value && (
      <Button kind="primary" onClick={openInvite}>
        {d.inviteTitle}
      </Button>
    );
    return (
      <Dialog title={title} onClose={closeDialog}>
        <EmptyState icon={UserPlus} {...nobody} action={invite} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={title}
      onClose={closeDialog}
      tall
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={picked.length === 0} onClick={run}>
            {act}
          </Button>
        </>
      }
    >
      {people ? (
        <PeoplePicker people={people} picked={picked} onPicked={setPicked} most={most} />
      ) : (
        <Skeleton rows={5} tiles />
      )}
    </Dialog>
  );
}
