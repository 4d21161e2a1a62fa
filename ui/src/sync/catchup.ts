// Asks the server for the changes that rooms missed since the rev of their segments.
import { ApiError } from '../net/api';
import { listChanges } from '../net/calls/messages';
import { deltas } from '../net/socket';
import type { Changes, Message, MessageReactions, RoomID, RoomRev } from '../net/types';
import { perSession, sameSession } from '../perSession';
import { segments } from '../store/messages';
import { session } from '../store/session';
import { caughtUp, hold } from './apply';
import { without } from './maps';
import { change, onWant, places } from './model';
import { socket } from './socket';

const atOnce = 200;
const asking = perSession(() => ({ wanted: new Set<RoomID>(), running: false }));

onWant('changes', (want) => catchUp(want.room));

/** Brings a room's segment up to date. Live messages of the room wait meanwhile. */
export function catchUp(id: RoomID): void {
  change((model) => hold(model, id));
  const mine = asking.now;
  mine.wanted.add(id);
  if (!mine.running) {
    mine.running = true;
    // Starts after the running code, so that several rooms share one request.
    void Promise.resolve()
      .then(() => run(mine.wanted))
      .finally(() => {
        mine.running = false;
      });
  }
}

async function run(wanted: Set<RoomID>): Promise<void> {
  const parts = new Map<RoomID, { rev: number; messages: Message[]; reacted: MessageReactions[] }>();
  let failures = 0;
  const current = sameSession();
  while (current() && wanted.size && session.peek() === 'signed-in') {
    const ask: RoomRev[] = [];
    for (const id of [...wanted].slice(0, atOnce)) {
      const rev = parts.get(id)?.rev ?? segments.peek().get(id)?.rev;
      if (rev === undefined) {
        wanted.delete(id);
        change((model) => ({ ...model, held: without(model.held, id) }));
      } else {
        ask.push({ room_id: id, rev });
      }
    }
    if (!ask.length) {
      continue;
    }
    let answer: Changes;
    try {
      answer = socket.online
        ? await socket.request('room.changes', { rooms: ask })
        : await listChanges({ changes: deltas }, { rooms: ask });
    } catch (error) {
      if (!current()) {
        return;
      }
      if (error instanceof ApiError && error.code === 'offline' && !socket.online) {
        // The next welcome asks again.
        wanted.clear();
        return;
      }
      await new Promise((go) => setTimeout(go, Math.min(30_000, 500 * 2 ** failures++)));
      continue;
    }
    if (!current()) {
      return;
    }
    for (const part of answer.rooms) {
      if (part.state === 'later') {
        continue;
      }
      const so = parts.get(part.room_id) ?? { rev: 0, messages: [], reacted: [] };
      so.messages.push(...part.messages);
      so.reacted.push(...(part.reacted ?? []));
      so.rev = part.rev;
      if (part.state === 'page' && part.more) {
        parts.set(part.room_id, so);
        continue;
      }
      parts.delete(part.room_id);
      wanted.delete(part.room_id);
      change((model) => caughtUp(model, part, so.messages, places(), so.reacted));
    }
  }
}
