// Answering those who ask the reader into a room.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/room_invitations';
import type { Result } from '../../net/result';
import type { RoomID } from '../../net/types';
import { during } from '../../perSession';
import { dropInvitation } from '../../sync/invitations';
import { addRoom } from '../../sync/rooms';

export function accept(room: RoomID): Promise<Result> {
  return attempt(async () => {
    const take = during(addRoom);
    const drop = during(dropInvitation);
    take(await calls.acceptRoomInvitation(room));
    drop(room);
  });
}

export function decline(room: RoomID): Promise<Result> {
  return attempt(async () => {
    const drop = during(dropInvitation);
    await calls.declineRoomInvitation(room);
    drop(room);
  });
}
