// Adds people of the server to a room.
import { UserPlus } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { formatList } from '../../i18n';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { EmptyState } from '../../kit/EmptyState';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import type { RoomID, UserID } from '../../net/types';
import { people, titleOf } from '../../store/people';
import { membersOf, roomOf } from '../../store/rooms';
import { isAdmin } from '../../store/session';
import { PeoplePicker } from '../find-people/PeoplePicker';
import { waitingFor } from '../find-people/waiting';
import { openInvite } from '../invites/open';
import { failureText } from '../words/failures';
import { addMembers, loadMembers } from './actions';
import { t } from './texts';

export function AddMembers({ room }: { room: RoomID }) {
  const d = t();
  const [picked, setPicked] = useState<readonly UserID[]>([]);
  const [busy, setBusy] = useState(false);
  const known = membersOf(room).value;
  const shown = roomOf(room).value;
  useEffect(() => void loadMembers(room), [room]);

  const here = new Set(known?.members.map((member) => member.user_id));
  const others = [...people.value.values()].filter((user) => !here.has(user.id) && !user.deactivated);
  const title = d.addPeopleTo(shown ? titleOf(shown, formatList) : '');

  const add = async () => {
    setBusy(true);
    const result = await addMembers(room, picked);
    setBusy(false);
    if (result.ok) {
      closeDialog();
      const { added, asked } = result.value;
      const words = [added.length ? d.addedPeople(added.length) : '', waitingFor(asked)];
      toast(words.filter(Boolean).join(' · '));
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  if (known && others.length === 0) {
    return (
      <Dialog title={title} onClose={closeDialog}>
        <EmptyState
          icon={UserPlus}
          title={d.everyoneHere}
          text={isAdmin.value ? d.everyoneHereText : undefined}
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
      title={title}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={picked.length === 0} onClick={add}>
            {d.add}
          </Button>
        </>
      }
    >
      {known ? (
        <PeoplePicker people={others} picked={picked} onPicked={setPicked} />
      ) : (
        <Skeleton rows={5} tiles />
      )}
    </Dialog>
  );
}
