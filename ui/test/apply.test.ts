import { describe, expect, test } from 'vitest';
import type { ServerEvent } from '../src/net/socket';
import type { Message, RoomState, User, Welcome } from '../src/net/types';
import type { Pending, Segment } from '../src/store/messages';
import { apply, caughtUp, hold, type Model, page, withRoom } from '../src/sync/apply';

const me = 1;
const places = new Map();

function message(seq: number, rev = seq, more: Partial<Message> = {}): Message {
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

function room(more: Partial<RoomState> = {}): RoomState {
  return {
    id: 7,
    kind: 'public',
    name: 'general',
    topic: '',
    member_count: 2,
    created_at: 0,
    meta: 1,
    seq: 3,
    rev: 3,
    role: 'member',
    read_seq: 3,
    mentions: 0,
    ...more,
  };
}

const segment: Segment = { messages: [1, 2, 3].map((n) => message(n)), before: false, after: false, rev: 3 };
const user: User = { id: me, name: 'ann', display_name: 'Ann', role: 'member', created_at: 0 };

function model(more: Partial<Model> = {}): Model {
  return {
    me,
    epoch: 'e1',
    rooms: new Map([[7, room()]]),
    segments: new Map([[7, segment]]),
    held: new Map(),
    members: new Map(),
    people: new Map(),
    directory: 4,
    pending: new Map(),
    activity: new Map(),
    ...more,
  };
}

function welcome(more: Partial<Welcome> = {}): ServerEvent {
  const data: Welcome = {
    server: { name: 's', version: '1', registration: 'open', set_up: true },
    time: 0,
    epoch: 'e1',
    user,
    user_rev: 1,
    rooms: [room()],
    directory: 4,
    online: 1,
    inbox: { seq: 0, unread: 0 },
    limits: { message_characters: 1, frame_bytes: 1, socket_writes: 1, direct_people: 1 },
    ...more,
  };
  return { event: 'welcome', data };
}

const added = (msg: Message): ServerEvent => ({ event: 'message.added', data: { message: msg } });
const changed = (msg: Message): ServerEvent => ({ event: 'message.changed', data: { message: msg } });
const seqs = (m: Model) => m.segments.get(7)?.messages.map((one) => one.seq);

describe('live messages', () => {
  test('the next one is added, and counts as unread', () => {
    const out = apply(model(), added(message(4)), places);
    expect(seqs(out.model)).toEqual([1, 2, 3, 4]);
    expect(out.model.rooms.get(7)).toMatchObject({ seq: 4, rev: 4, read_seq: 3 });
    expect(out.wants).toEqual([]);
  });

  test('one that is here already changes nothing', () => {
    const once = apply(model(), added(message(4)), places).model;
    expect(apply(once, added(message(4)), places).model.segments).toBe(once.segments);
  });

  test('a gap holds what is live and asks for what was missed', () => {
    const out = apply(model(), added(message(6)), places);
    expect(seqs(out.model)).toEqual([1, 2, 3]);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
    const next = apply(out.model, added(message(7)), places);
    expect(next.wants).toEqual([]);
    const answer = { room_id: 7, state: 'page' as const, messages: [], rev: 6, more: false };
    const whole = caughtUp(next.model, answer, [message(4), message(5), message(6)], places);
    expect(seqs(whole.model)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(whole.model.held.size).toBe(0);
    expect(whole.wants).toEqual([]);
  });

  test('an edit replaces the message', () => {
    const out = apply(model(), changed(message(2, 4, { body: 'new' })), places);
    expect(out.model.segments.get(7)?.messages[1]?.body).toBe('new');
    expect(out.model.rooms.get(7)?.seq).toBe(3);
  });

  test('in the middle of the history only the counts move', () => {
    const middle = new Map([[7, { ...segment, after: true }]]);
    const out = apply(model({ segments: middle }), added(message(4)), places);
    expect(seqs(out.model)).toEqual([1, 2, 3]);
    expect(out.model.rooms.get(7)?.seq).toBe(4);
  });

  test("one's own message is read, and takes the row that waited", () => {
    const waiting: Pending = { clientID: 'x', room: 7, body: 'hi', createdAt: 1, state: 'queued' };
    const other: Pending = { ...waiting, clientID: 'y' };
    const out = apply(
      model({ pending: new Map([[7, [waiting, other]]]) }),
      added(message(4, 4, { author_id: me, client_id: 'x' })),
      places,
    );
    expect(out.model.pending.get(7)).toEqual([other]);
    expect(out.wants).toEqual([{ kind: 'stored', clientIDs: ['x'] }]);
    expect(out.model.rooms.get(7)?.read_seq).toBe(4);
  });

  test("another's message with the same client id leaves the outbox alone", () => {
    const waiting: Pending = { clientID: 'x', room: 7, body: 'hi', createdAt: 1, state: 'queued' };
    const out = apply(
      model({ pending: new Map([[7, [waiting]]]) }),
      added(message(4, 4, { client_id: 'x' })),
      places,
    );
    expect(out.model.pending.get(7)).toEqual([waiting]);
  });
});

describe('welcome', () => {
  test('equal revs: nothing was missed', () => {
    expect(apply(model(), welcome(), places).wants).toEqual([]);
  });

  test('a larger rev: the changes are asked for', () => {
    const out = apply(model(), welcome({ rooms: [room({ seq: 5, rev: 5 })] }), places);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
  });

  test('another epoch: every copy is dropped', () => {
    const out = apply(model(), welcome({ epoch: 'e2' }), places);
    expect(out.model.segments.size).toBe(0);
    expect(out.wants).toContainEqual({ kind: 'forget' });
    expect(out.wants).toContainEqual({ kind: 'people' });
  });

  test('another directory and other members are loaded', () => {
    const members = new Map([[7, { meta: 0, members: [] }]]);
    const out = apply(model({ members }), welcome({ directory: 5 }), places);
    expect(out.wants).toEqual([{ kind: 'members', room: 7 }, { kind: 'people' }]);
  });

  test('a room that one is no longer in is gone, with its messages', () => {
    const out = apply(model(), welcome({ rooms: [] }), places);
    expect(out.model.rooms.size).toBe(0);
    expect(out.model.segments.size).toBe(0);
  });

  test('what was sent into a room that is not held needs no row', () => {
    const sent: Pending = { clientID: 'x', room: 9, body: '', createdAt: 1, state: 'sent', seq: 4 };
    const queued: Pending = { ...sent, clientID: 'y', state: 'queued' };
    const out = apply(model({ pending: new Map([[9, [sent, queued]]]) }), welcome(), places);
    expect(out.model.pending.get(9)).toEqual([queued]);
  });
});

describe('answers to room.changes', () => {
  const answer = { room_id: 7, messages: [], rev: 0, more: false };

  test('too far: what is shown is loaded anew', () => {
    const out = caughtUp(hold(model(), 7), { ...answer, state: 'too_far' }, [], places);
    expect(out.wants).toEqual([{ kind: 'page', room: 7 }]);
  });

  test('ahead, not found: the copy is dropped', () => {
    expect(caughtUp(model(), { ...answer, state: 'ahead' }, [], places).model.segments.size).toBe(0);
    const gone = caughtUp(model(), { ...answer, state: 'not_found' }, [], places);
    expect(gone.model.segments.size).toBe(0);
    expect(gone.wants).toEqual([]);
  });
});

describe('pages', () => {
  test('one older than the room asks for the changes since', () => {
    const got = { messages: segment.messages as Message[], before: false, after: false, seq: 3, rev: 2 };
    const out = page(model({ segments: new Map() }), 7, got, 'all', places);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
  });

  test('one newer than the live events does not take them twice', () => {
    const got = { messages: [message(4)], before: true, after: false, seq: 4, rev: 4 };
    const loaded = page(model({ segments: new Map() }), 7, got, 'all', places).model;
    expect(seqs(apply(loaded, added(message(4)), places).model)).toEqual([4]);
  });
});

describe('rooms and people', () => {
  test('an older room.changed is ignored; a newer keeps the counts of messages', () => {
    const known = model({ rooms: new Map([[7, room({ meta: 5, rev: 9, seq: 9 })]]) });
    const old = apply(
      known,
      { event: 'room.changed', data: { room: { ...room(), name: 'old', meta: 4 } } },
      places,
    );
    expect(old.model.rooms.get(7)?.name).toBe('general');
    const now = apply(
      known,
      { event: 'room.changed', data: { room: { ...room(), name: 'new', meta: 6 } } },
      places,
    );
    expect(now.model.rooms.get(7)).toMatchObject({ name: 'new', seq: 9, rev: 9 });
  });

  test('joining and leaving change the count and the list', () => {
    const members = new Map([
      [7, { meta: 1, members: [{ user_id: 2, role: 'member' as const, joined_at: 0 }] }],
    ]);
    const out = apply(
      model({ members }),
      { event: 'member.left', data: { room_id: 7, meta: 2, member_count: 1, user_id: 2 } },
      places,
    );
    expect(out.model.rooms.get(7)?.member_count).toBe(1);
    expect(out.model.members.get(7)).toEqual({ meta: 2, members: [] });
  });

  test('an answer over HTTP does not undo a later event', () => {
    const known = withRoom(model(), room({ seq: 2, rev: 2 }));
    expect(known.rooms.get(7)).toMatchObject({ seq: 3, rev: 3 });
  });

  test('a hole in the directory asks for the people in between', () => {
    const event = (directory: number): ServerEvent => ({ event: 'user.changed', data: { user, directory } });
    expect(apply(model(), event(5), places)).toMatchObject({ model: { directory: 5 }, wants: [] });
    expect(apply(model(), event(6), places)).toMatchObject({
      model: { directory: 4 },
      wants: [{ kind: 'people' }],
    });
  });
});
