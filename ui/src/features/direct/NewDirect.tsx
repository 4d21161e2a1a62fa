// Begins a conversation with one or more people.
import { UserPlus } from 'lucide';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { EmptyState } from '../../kit/EmptyState';
import type { UserID } from '../../net/types';
import { people } from '../../store/people';
import { isAdmin, limits, me } from '../../store/session';
import { PeoplePicker } from '../find-people/PeoplePicker';
import { openInvite } from '../invites/open';
import { writeTo } from './actions';
import { t } from './texts';

export function NewDirect() {
  const d = t();
  const [picked, setPicked] = useState<readonly UserID[]>([]);
  const [busy, setBusy] = useState(false);
  const others = [...people.value.values()].filter((user) => user.id !== me.value?.id && !user.deactivated);

  const begin = async () => {
    setBusy(true);
    if (await writeTo(picked)) {
      closeDialog();
    }
    setBusy(false);
  };

  if (others.length === 0) {
    return (
      <Dialog title={d.directTitle} onClose={closeDialog}>
        <EmptyState
          icon={UserPlus}
          title={d.directAlone}
          text={d.directAloneText}
          action={
            isAdmin.value && (
              <Button kind="primary" onClick={openInvite}>
                {d.inviteTitle}
              </Button>
            )
          }
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={d.directTitle}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={picked.length === 0} onClick={begin}>
            {d.directStart}
          </Button>
        </>
      }
    >
      <PeoplePicker
        people={others}
        picked={picked}
        onPicked={setPicked}
        most={limits.value.direct_people - 1}
      />
    </Dialog>
  );
}
