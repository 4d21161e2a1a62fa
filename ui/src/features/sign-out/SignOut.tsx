// Asks before signing out while messages are not sent, because they would be lost.

import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { leaveSession, unsent } from './actions';
import { t } from './texts';

export function SignOut() {
  const d = t();
  const leave = () => {
    closeDialog();
    void leaveSession();
  };
  return (
    <Dialog
      title={d.signOutAsk}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button kind="danger" onClick={leave}>
            {d.signOut}
          </Button>
        </>
      }
    >
      <p>{d.signOutUnsent(unsent())}</p>
    </Dialog>
  );
}
