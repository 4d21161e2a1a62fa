// The dialog that is open. One chunk with all of them: they are small, and wanted at once when wanted.

import { NewDirect } from '../features/direct/NewDirect';
import { Invite } from '../features/invites/Invite';
import { AddMembers } from '../features/members/AddMembers';
import { DeleteMessage } from '../features/message-dialogs/DeleteMessage';
import { WhoReacted } from '../features/message-dialogs/WhoReacted';
import { BrowseRooms } from '../features/room-dialogs/BrowseRooms';
import { CreateRoom } from '../features/room-dialogs/CreateRoom';
import { EditRoom } from '../features/room-dialogs/EditRoom';
import { SignOut } from '../features/sign-out/SignOut';
import { Switcher } from '../features/switcher/Switcher';
import { deleting, dialog } from '../store/ui';
import { Shortcuts } from './Shortcuts';

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
