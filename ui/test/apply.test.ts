import { describe, expect, test } from 'vitest';
import type { ServerEvent } from '../src/net/socket';
import type { Message, Welcome } from '../src/net/types';
import type { Pending } from '../src/store/messages';
import { applied, apply, caughtUp, hold, type Model, page } from '../src/sync/apply';
import { withRead, withRoom } from '../src/sync/ownRooms';
import { me, message, pending, room, segment, user, welcome } from './known';

const places = new Map();
const held3 = segment(1, 3);

function model(more: Partial<Model> = {}): Model {
  return {
    me,
    blocked: new Set(),
    epoch: 'e1',
    run: 'r1',
    rooms: new Map([[7, room()]]),
    segments: new Map([[7, held3]]),
    held: new Map(),
    members: new Map(),
    people: new Map(),
    directory: 4,
    pending: new Map(),
    activity: new Map(),
    ...more,
  };
}

const welcomed = (more: Partial<Welcome> = {}): ServerEvent => ({ event: 'welcome', data: welcome(more) });
const added = (msg: Message): ServerEvent => ({ event: 'message.added', data: { message: msg } });
const changed = (msg: Message): ServerEvent => ({ event: 'message.changed', data: { message: msg } });
const removed: ServerEvent = { event: 'room.removed', data: { room_id: 7, user_rev: 2 } };
const seqs = (m: Model) => m.segments.get(7)?.messages.map((one) => one.seq);

describe('what is unread', () => {
  const unread = (m: Model) => m.rooms.get(7)?.unread;
  const unreadBy = (start: Model, ...events: ServerEvent[]) =>
    unread(events.reduce((m, event) => apply(m, event, places).model, start));
  const gone = (seq: number, rev: number, more: Partial<Message> = {}) =>
    changed(message(seq, rev, { body: '', deleted_at: 9, ...more }));
  const behind = model({ rooms: new Map([[7, room({ read_seq: 1, unread: 2 })]]) });

  test('is one more with a message, once', () => {
    expect(unreadBy(behind, added(message(4)))).toBe(3);
    expect(unreadBy(behind, added(message(4)), added(message(4)))).toBe(3);
  });

  test('is one less when an unread message is deleted, once, and not for one that was read', () => {
    expect(unreadBy(behind, gone(2, 4))).toBe(1);
    expect(unreadBy(behind, gone(2, 4), gone(2, 4))).toBe(1);
    expect(unreadBy(behind, gone(1, 4))).toBe(2);
    expect(unreadBy(behind, changed(message(2, 4, { edited_at: 9 })))).toBe(2);
    expect(unreadBy(hold(behind, 7), added(message(4)), gone(4, 5))).toBe(2);
  });

  test("ends with one's own message, and not with an edit of one", () => {
    expect(unreadBy(behind, added(message(4, 4, { author_id: me })))).toBe(0);
    expect(unreadBy(behind, changed(message(3, 4, { author_id: me })))).toBe(2);
  });

  test('has nothing of people who are blocked', () => {
    const blocking = { ...behind, blocked: new Set([2]) };
    expect(unreadBy(blocking, added(message(4)))).toBe(2);
    expect(unreadBy(blocking, gone(3, 4))).toBe(2);
    expect(unreadBy(blocking, added(message(4, 4, { author_id: 3 })))).toBe(3);
  });

  test('is what the server says with a read position', () => {
    const to = (read_seq: number, n: number): ServerEvent => ({
      event: 'read.moved',
      data: { room_id: 7, read_seq, unread: n, user_rev: 2 },
    });
    expect(unreadBy(behind, to(1, 1))).toBe(1);
    expect(unreadBy(behind, to(0, 3))).toBe(3);
    expect(unreadBy(behind, to(0, 3), added(message(4)))).toBe(4);
    expect(unreadBy(behind, added(message(4)), welcomed({ rooms: [room({ unread: 7 })] }))).toBe(7);
  });

  test('is counted in the messages at hand until the server says it', () => {
    const messages = [message(1), message(2, 4, { deleted_at: 9 }), message(3)];
    const known = { ...behind, segments: new Map([[7, { ...held3, messages }]]) };
    expect(unread(withRead(known, 7, 0))).toBe(2);
    expect(unread(withRead(known, 7, 2))).toBe(1);
    expect(unread(withRead({ ...known, blocked: new Set([2]) }, 7, 0))).toBe(0);
    expect(unread(withRead({ ...known, segments: new Map() }, 7, 0))).toBe(3);
    const later = new Map([[7, segment(2, 3, { before: true })]]);
    expect(unread(withRead({ ...known, segments: later }, 7, 0))).toBe(3);
  });

  test('of a room that is added again is that of the later answer', () => {
    const older = withRoom(behind, room({ read_seq: 1, unread: 9, rev: 2 }));
    expect(unread(older)).toBe(2);
    const newer = withRoom(behind, room({ read_seq: 1, unread: 9, seq: 10, rev: 10 }));
    expect(unread(newer)).toBe(9);
    expect(unreadBy(newer, added(message(10)))).toBe(9);
  });
});

describe('live messages', () => {
  test('the next message is added and counts as unread', () => {
    const out = apply(model(), added(message(4)), places);
    expect(seqs(out.model)).toEqual([1, 2, 3, 4]);
    expect(out.model.rooms.get(7)).toMatchObject({ seq: 4, rev: 4, read_seq: 3 });
    expect(out.wants).toEqual([]);
  });

  test('a message that is in the segment already changes nothing', () => {
    const once = apply(model(), added(message(4)), places).model;
    expect(apply(once, added(message(4)), places).model.segments).toBe(once.segments);
  });

  test('a gap makes live messages wait and asks for the missed ones', () => {
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

  test('a gap of exactly one change asks for it too', () => {
    const out = apply(model(), added(message(5, 5)), places);
    expect(seqs(out.model)).toEqual([1, 2, 3]);
    expect(out.model.held.get(7)?.map((m) => m.seq)).toEqual([5]);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
  });

  test('a message that waits while the room catches up counts as unread', () => {
    const out = apply(hold(model(), 7), added(message(4)), places);
    expect(seqs(out.model)).toEqual([1, 2, 3]);
    expect(out.model.rooms.get(7)).toMatchObject({ seq: 4, rev: 4 });
    expect(hold(out.model, 7).held.get(7)?.length).toBe(1);
  });

  test('after catching up, a waiting message with a gap asks again', () => {
    const known = model({ held: new Map([[7, [message(6)]]]) });
    const answer = { room_id: 7, state: 'page' as const, messages: [], rev: 4, more: false };
    const out = caughtUp(known, answer, [message(4)], places);
    expect(seqs(out.model)).toEqual([1, 2, 3, 4]);
    expect(out.model.held.get(7)?.map((m) => m.seq)).toEqual([6]);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
  });

  test('an old message moves no position back', () => {
    const known = model({ rooms: new Map([[7, room({ seq: 9, rev: 9, read_seq: 8 })]]) });
    const late = apply(known, added(message(2, 5)), places);
    expect(late.model.rooms.get(7)).toMatchObject({ seq: 9, rev: 9, read_seq: 8 });
    const own = apply(known, added(message(2, 5, { author_id: me })), places);
    expect(own.model.rooms.get(7)).toMatchObject({ seq: 9, rev: 9, read_seq: 8 });
  });

  test("an edit of one's own message reads nothing", () => {
    const known = model({ rooms: new Map([[7, room({ read_seq: 1 })]]) });
    const out = apply(known, changed(message(3, 4, { author_id: me })), places);
    expect(out.model.rooms.get(7)?.read_seq).toBe(1);
  });

  test('an edit removes no row from the outbox and does not count as activity', () => {
    const waiting = new Map([[7, [pending('x')]]]);
    const edit = changed(message(3, 4, { author_id: me, client_id: 'x' }));
    const out = apply(model({ pending: waiting }), edit, places);
    expect(out.model.pending.get(7)?.length).toBe(1);
    expect(out.model.activity.get(7)).toBeUndefined();
    expect(apply(model(), added(message(4)), places).model.activity.get(7)).toBe(4);
  });

  test('a message of an unknown room changes nothing', () => {
    const known = model();
    expect(apply(known, added(message(4, 4, { room_id: 8 })), places).model).toBe(known);
  });

  test('an edit replaces the message', () => {
    const out = apply(model(), changed(message(2, 4, { body: 'new' })), places);
    expect(out.model.segments.get(7)?.messages[1]?.body).toBe('new');
    expect(out.model.rooms.get(7)?.seq).toBe(3);
  });

  test('a live message does not enter a segment in the middle of the history', () => {
    const middle = new Map([[7, { ...held3, after: true }]]);
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
  test('equal revs ask for nothing', () => {
    expect(apply(model(), welcomed(), places).wants).toEqual([]);
  });

  test('a larger rev asks for the changes', () => {
    const out = apply(model(), welcomed({ rooms: [room({ seq: 5, rev: 5 })] }), places);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
  });

  test('a run that the server does not know drops every copy', () => {
    const lost = apply(model({ run: 'r3' }), welcomed(), places);
    expect(lost.wants).toContainEqual({ kind: 'forget' });
    expect(lost.model.segments.size).toBe(0);
    expect(lost.model.run).toBe('r2');
    const kept = apply(model({ run: 'r1' }), welcomed(), places);
    expect(kept.wants).not.toContainEqual({ kind: 'forget' });
    expect(kept.model.segments.size).toBeGreaterThan(0);
  });

  test('another epoch drops every copy', () => {
    const out = apply(model(), welcomed({ epoch: 'e2' }), places);
    expect(out.model.segments.size).toBe(0);
    expect(out.wants).toContainEqual({ kind: 'forget' });
    expect(out.wants).toContainEqual({ kind: 'people' });
  });

  test('a new directory number and new members are loaded', () => {
    const members = new Map([[7, { meta: 0, members: [] }]]);
    const out = apply(model({ members }), welcomed({ directory: 5 }), places);
    expect(out.wants).toEqual([{ kind: 'members', room: 7 }, { kind: 'people' }]);
  });

  test('a room that the person left is removed with its messages', () => {
    const out = apply(model(), welcomed({ rooms: [] }), places);
    expect(out.model.rooms.size).toBe(0);
    expect(out.model.segments.size).toBe(0);
  });

  test('a welcome drops waiting messages, because the changes are asked for again', () => {
    const known = model({ held: new Map([[7, [message(9)]]]) });
    expect(apply(known, welcomed(), places).model.held.size).toBe(0);
  });

  test('the first welcome drops nothing', () => {
    const out = apply(model({ epoch: '' }), welcomed(), places);
    expect(seqs(out.model)).toEqual([1, 2, 3]);
    expect(out.wants).toEqual([]);
    expect(out.model.epoch).toBe('e1');
  });

  test('a sent row stays until its event comes, if its room has a segment', () => {
    const waiting = new Map([[7, [pending('x', { state: 'sent', seq: 4 })]]]);
    expect(apply(model({ pending: waiting }), welcomed(), places).model.pending.get(7)?.length).toBe(1);
  });

  test('a sent message needs no row in a room without a segment', () => {
    const sent: Pending = { clientID: 'x', room: 9, body: '', createdAt: 1, state: 'sent', seq: 4 };
    const queued: Pending = { ...sent, clientID: 'y', state: 'queued' };
    const out = apply(model({ pending: new Map([[9, [sent, queued]]]) }), welcomed(), places);
    expect(out.model.pending.get(9)).toEqual([queued]);
  });
});

describe('answers to room.changes', () => {
  const answer = { room_id: 7, messages: [], rev: 0, more: false };

  test('the state too_far loads the open part again', () => {
    const out = caughtUp(hold(model(), 7), { ...answer, state: 'too_far' }, [], places);
    expect(out.wants).toEqual([{ kind: 'page', room: 7 }]);
  });

  test('an own message in the answer removes its row from the outbox', () => {
    const waiting = new Map([[7, [pending('x', { state: 'sent', seq: 4 }), pending('y')]]]);
    const page4 = { ...answer, state: 'page' as const, rev: 4 };
    const out = caughtUp(
      model({ pending: waiting }),
      page4,
      [message(4, 4, { author_id: me, client_id: 'x' })],
      places,
    );
    expect(out.model.pending.get(7)?.map((p) => p.clientID)).toEqual(['y']);
    expect(out.wants).toEqual([{ kind: 'stored', clientIDs: ['x'] }]);
  });

  test("another person's message with the same client id removes no row", () => {
    const waiting = new Map([[7, [pending('x')]]]);
    const page4 = { ...answer, state: 'page' as const, rev: 4 };
    const out = caughtUp(model({ pending: waiting }), page4, [message(4, 4, { client_id: 'x' })], places);
    expect(out.model.pending.get(7)?.length).toBe(1);
  });

  test('a sent row is removed when the segment reaches its seq', () => {
    const waiting = new Map([[7, [pending('x', { state: 'sent', seq: 4 }), pending('y', { seq: 9 })]]]);
    const page4 = { ...answer, state: 'page' as const, rev: 4 };
    const out = caughtUp(model({ pending: waiting }), page4, [message(4, 4, { client_id: '' })], places);
    expect(out.model.pending.get(7)?.map((p) => p.clientID)).toEqual(['y']);
  });

  test('the states ahead and not_found drop the copy', () => {
    expect(caughtUp(model(), { ...answer, state: 'ahead' }, [], places).model.segments.size).toBe(0);
    const gone = caughtUp(model(), { ...answer, state: 'not_found' }, [], places);
    expect(gone.model.segments.size).toBe(0);
    expect(gone.wants).toEqual([]);
  });
});

describe('pages', () => {
  test('a page that is older than the room asks for the changes since', () => {
    const got = { messages: held3.messages as Message[], before: false, after: false, seq: 3, rev: 2 };
    const out = page(model({ segments: new Map() }), 7, got, 'all', places);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
  });

  test('a page that is newer than the live events takes none of them twice', () => {
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

  test('who leaves a direct room is not one of its people any more', () => {
    const pair = room({ kind: 'direct', member_ids: [1, 2, 3], meta: 1 });
    const out = apply(
      model({ rooms: new Map([[7, pair]]) }),
      { event: 'member.left', data: { room_id: 7, meta: 2, member_count: 2, user_id: 2 } },
      places,
    );
    expect(out.model.rooms.get(7)).toMatchObject({ member_ids: [1, 3], member_count: 2, meta: 2 });
  });

  test('a room that is in use again is archived no more; a hidden one says until when', () => {
    const known = model({ rooms: new Map([[7, room({ archived_at: 5, meta: 1 })]]) });
    const used = apply(known, { event: 'room.changed', data: { room: { ...room(), meta: 2 } } }, places);
    expect(used.model.rooms.get(7)?.archived_at).toBeFalsy();
    const hidden = apply(
      known,
      { event: 'room.hidden', data: { room_id: 7, hidden_until: 9, user_rev: 1 } },
      places,
    );
    expect(hidden.model.rooms.get(7)?.hidden_until).toBe(9);
  });

  test('a favorite is one until it is told otherwise, whatever happens in the room', () => {
    const favored = (favorite: boolean, room_id = 7): ServerEvent => ({
      event: 'favorite.changed',
      data: { room_id, favorite, user_rev: 1 },
    });
    const added7 = apply(model(), favored(true), places).model;
    expect(added7.rooms.get(7)?.favorite).toBe(true);
    const renamed: ServerEvent = { event: 'room.changed', data: { room: room({ name: 'new', meta: 9 }) } };
    const after = [added(message(4)), renamed].reduce((m, event) => apply(m, event, places).model, added7);
    expect(after.rooms.get(7)).toMatchObject({ favorite: true, name: 'new', seq: 4 });
    expect(apply(after, favored(false), places).model.rooms.get(7)?.favorite).toBe(false);
    expect(apply(after, favored(true, 99), places).model).toBe(after);
    // What is away from a new welcome is none any more.
    expect(apply(after, welcomed(), places).model.rooms.get(7)?.favorite).toBeUndefined();
  });

  test('an old member event does not change a newer list', () => {
    const list = [{ user_id: 2, role: 'member' as const, joined_at: 0 }];
    const known = model({
      rooms: new Map([[7, room({ meta: 5, member_count: 9 })]]),
      members: new Map([[7, { meta: 5, members: list }]]),
    });
    const left: ServerEvent = {
      event: 'member.left',
      data: { room_id: 7, meta: 5, member_count: 1, user_id: 2 },
    };
    const out = apply(known, left, places).model;
    expect(out.rooms.get(7)?.member_count).toBe(9);
    expect(out.members.get(7)?.members).toEqual(list);
  });

  test('joining twice adds a member once', () => {
    const member = { user_id: 2, role: 'owner' as const, joined_at: 0 };
    const known = model({ members: new Map([[7, { meta: 1, members: [{ ...member, role: 'member' }] }]]) });
    const joined: ServerEvent = {
      event: 'member.joined',
      data: { room_id: 7, meta: 2, member_count: 3, member },
    };
    expect(apply(known, joined, places).model.members.get(7)).toEqual({ meta: 2, members: [member] });
  });

  test("another role of one's own counts at once; that of others is not taken for it", () => {
    const event = (id: number): ServerEvent => ({
      event: 'member.changed',
      data: { room_id: 7, meta: 2, member: { user_id: id, role: 'owner', joined_at: 0 } },
    });
    expect(apply(model(), event(me), places).model.rooms.get(7)?.role).toBe('owner');
    expect(apply(model(), event(2), places).model.rooms.get(7)?.role).toBe('member');
  });

  test('leaving a room removes everything that is known of it', () => {
    const known = model({
      members: new Map([[7, { meta: 1, members: [] }]]),
      held: new Map([[7, [message(5)]]]),
    });
    const out = apply(known, removed, places).model;
    expect(out.rooms.has(7)).toBe(false);
    expect(out.segments.has(7)).toBe(false);
    expect(out.members.has(7)).toBe(false);
    expect(out.held.has(7)).toBe(false);
  });

  test('leaving a room keeps its unsent messages', () => {
    const waiting = new Map([[7, [pending('x')]]]);
    expect(apply(model({ pending: waiting }), removed, places).model.pending.get(7)?.length).toBe(1);
  });

  test('adding a known room again does not move its read position back', () => {
    const again: ServerEvent = {
      event: 'room.added',
      data: { room: room({ read_seq: 1, seq: 2, rev: 2 }), user_rev: 2 },
    };
    expect(apply(model(), again, places).model.rooms.get(7)).toMatchObject({ read_seq: 3, seq: 3, rev: 3 });
    const further: ServerEvent = {
      event: 'room.added',
      data: { room: room({ read_seq: 4, seq: 4, rev: 4 }), user_rev: 2 },
    };
    expect(apply(model(), further, places).model.rooms.get(7)).toMatchObject({ read_seq: 4, seq: 4, rev: 4 });
  });

  test('adding a room takes its name, unless a later name is known', () => {
    const known = model({ rooms: new Map([[7, room({ meta: 5, name: 'later' })]]) });
    expect(withRoom(known, room({ meta: 4, name: 'old' })).rooms.get(7)?.name).toBe('later');
    expect(withRoom(known, room({ meta: 6, name: 'new' })).rooms.get(7)?.name).toBe('new');
  });

  test('the server may move the position back, after marking unread elsewhere', () => {
    const event: ServerEvent = {
      event: 'read.moved',
      data: { room_id: 7, read_seq: 1, unread: 2, user_rev: 2 },
    };
    expect(apply(model(), event, places).model.rooms.get(7)?.read_seq).toBe(1);
  });

  test('an older answer over HTTP does not undo a later event', () => {
    const known = withRoom(model(), room({ seq: 2, rev: 2 }));
    expect(known.rooms.get(7)).toMatchObject({ seq: 3, rev: 3 });
  });

  test('a gap in the directory numbers loads the people in between', () => {
    const event = (directory: number): ServerEvent => ({ event: 'user.changed', data: { user, directory } });
    expect(apply(model(), event(5), places)).toMatchObject({ model: { directory: 5 }, wants: [] });
    expect(apply(model(), event(6), places)).toMatchObject({
      model: { directory: 4 },
      wants: [{ kind: 'people' }],
    });
    expect(apply(model(), event(3), places)).toMatchObject({ model: { directory: 4 }, wants: [] });
  });
});

test('an event without a rule changes nothing', () => {
  expect(applied).toContain('welcome');
  const known = model();
  const other: ServerEvent = { event: 'typing.started', data: { room_id: 7, user_id: 2 } };
  expect(applied).not.toContain(other.event);
  expect(apply(known, other, places)).toEqual({ model: known, wants: [] });
});
