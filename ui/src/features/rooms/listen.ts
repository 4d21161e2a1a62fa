// Shows a toast when the reader is removed from the open room.
import { formatList } from '../../i18n';
import { toast } from '../../kit/toasts';
import { openRoom } from '../../store/messages';
import { titleOf } from '../../store/people';
import { rooms } from '../../store/rooms';
import { on } from '../../sync/socket';
import { leavingRooms } from '../members/leaving';
import { t } from './texts';

on('room.removed', ({ room_id: id }) => {
  const room = rooms.peek().get(id);
  if (room && openRoom.peek() === id && !leavingRooms.now.has(id)) {
    toast(t().roomNoLonger(titleOf(room, formatList)));
  }
});
