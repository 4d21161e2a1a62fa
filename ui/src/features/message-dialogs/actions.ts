// Changes and deletes messages, and reports them.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/messages';
import { reportMessage as report } from '../../net/calls/reports';
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

/** Reports a message to the owner and the admins. */
export function reportMessage(room: RoomID, seq: number, reason: string): Promise<Result<void>> {
  return attempt(() => report(room, seq, { reason }));
}
