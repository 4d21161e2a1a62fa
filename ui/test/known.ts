// Makes rooms, messages and people for unit tests.
import type { Message, RoomState, User, Welcome } from '../src/net/types';
import type { Pending, Segment } from '../src/store/messages';

export const me = 1;
export const user: User = { id: me, name: 'ann', display_name: 'Ann', role: 'member', created_at: 0 };

export function message(seq: number, rev = seq, more: Partial<Message> = {}): Message {
  return {
    room_id: 7,
    seq,
    rev,
    author_id: 2,
    client_id: `c${seq}`,
    body: `m${seq}`,
    html: '',
    created_at: seq,
    ...more,
  };
}

export function room(more: Partial<RoomState> = {}): RoomState {
  const { seq = 3, read_seq = 3 } = more;
  return {
    id: 7,
    kind: 'public',
    name: 'general',
    topic: '',
    member_count: 2,
    created_at: 0,
    meta: 1,
    seq,
    rev: 3,
    role: 'member',
    read_seq,
    unread: Math.max(0, seq - read_seq),
    mentions: 0,
    ...more,
  };
}

/** A segment with the messages from one seq to another. */
export function segment(first: number, last: number, more: Partial<Segment> = {}): Segment {
  const messages = Array.from({ length: last - first + 1 }, (_, i) => message(first + i));
  return { messages, before: first > 1, after: false, rev: last, ...more };
}

export function pending(clientID: string, more: Partial<Pending> = {}): Pending {
  return { clientID, room: 7, body: clientID, createdAt: 0, state: 'queued', ...more };
}

export function welcome(more: Partial<Welcome> = {}): Welcome {
  return {
    server: { name: 's', version: '1', registration: 'open', set_up: true },
    time: 0,
    epoch: 'e1',
    runs: ['r2', 'r1'],
    user,
    user_rev: 1,
    rooms: [room()],
    directory: 4,
    online: 1,
    adding: 'anyone',
    inbox: { seq: 0, unread: 0 },
    limits: { message_characters: 1, frame_bytes: 1, socket_writes: 1, direct_people: 1 },
    ...more,
  };
}
