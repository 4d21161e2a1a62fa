// Archiving, making private and deleting one's own rooms.
import { attempt } from '../../net/attempt';
import * as own from '../../net/calls/rooms';
import type { Result } from '../../net/result';
import type { KeptRoomChange, RoomID, RoomKind } from '../../net/types';

export type Change = KeptRoomChange;

/** What of a room says what can be done with it. */
export interface Kept {
  kind: RoomKind;
  archived_at?: number;
}

export function changeOwn(room: RoomID, change: Change): Promise<Result> {
  return attempt(async () => {
    await own.changeRoom(room, change);
  });
}

export function removeOwn(room: RoomID): Promise<Result> {
  return attempt(() => own.deleteRoom(room));
}
