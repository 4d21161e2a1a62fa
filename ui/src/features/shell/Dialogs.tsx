// The dialog that is open. One chunk with all of them: they are small, and wanted at once when wanted.

import { deleting, dialog } from '../../store/ui';
import { NewDirect } from '../direct/NewDirect';
import { Invite } from '../invites/Invite';
import { AddMembers } from '../members/AddMembers';
import { DeleteMessage } from '../message-dialogs/DeleteMessage';
import { WhoReacted } from '../message-dialogs/WhoReacted';
import { BrowseRooms } from '../room-dialogs/BrowseRooms';
import { CreateRoom } from '../room-dialogs/CreateRoom';
import { EditRoom } from '../room-dialogs/EditRoom';
import { Shortcuts } from '../shortcuts/Shortcuts';
import { SignOut } from '../sign-out/SignOut';
import { Switcher } from '../switcher/Switcher';

export function Dialogs() {
  return deleting.value ? <DeleteMessage message={deleting.value} /> : <Named />;
}

function Named() {
  const open = dialog.value;
  switch (open?.name) {
    case 'switcher':
      return <Switcher />;
    case 'create-room':
      return <CreateRoom />;
    case 'browse':
      return <BrowseRooms />;
    case 'direct':
      return <NewDirect />;
    case 'invite':
      return <Invite />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'sign-out':
      return <SignOut />;
    case 'add-members':
      return open.room === undefined ? null : <AddMembers room={open.room} />;
    case 'edit-room':
      return open.room === undefined ? null : <EditRoom room={open.room} />;
    case 'reactions':
      return open.room === undefined || open.seq === undefined ? null : (
        <WhoReacted room={open.room} seq={open.seq} />
      );
    default:
      return null;
  }
}
