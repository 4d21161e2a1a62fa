// Makes an invite link, and shows those that work.

import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Invites } from './Invites';
import { t } from './texts';

export function Invite() {
  const d = t();
  return (
    <Dialog title={d.inviteTitle} onClose={closeDialog}>
      <Invites />
    </Dialog>
  );
}
