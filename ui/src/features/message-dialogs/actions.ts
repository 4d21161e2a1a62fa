// Changes and deletes own messages.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/messages';
import type { Result } from '../../net/result';
import type { MessageSent, RoomID } from '../../net/types';

/** Changes the text of an own message. */
export function editMessage(room: RoomID, seq: number, body: string): Promise<Result<MessageSent>> {
  return attempt(() => calls.editMessage(room, seq, { body }));
}

/** Deletes a message for everyone: a tombstone keeps its place. */
export function deleteMessage(room: RoomID, seq: number): Promise<Result<MessageSent>> {
  return attempt(() => calls.deleteMessage(room, seq));
}
