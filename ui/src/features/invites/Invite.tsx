// Makes an invite link, and shows those that work.
import { t } from '../../i18n';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Invites } from './Invites';

export function Invite() {
  const d = t();
  return (
    <Dialog title={d.inviteTitle} onClose={closeDialog}>
      <Invites />
    </Dialog>
  );
}
