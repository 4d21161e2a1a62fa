// Tests of asking for missed changes.
import { beforeEach, expect, test, vi } from 'vitest';
import type { RoomChanges } from '../src/net/types';
import { endSession } from '../src/perSession';
import { segments } from '../src/store/messages';
import { me as self, session } from '../src/store/session';
import { apply } from '../src/sync/apply';
import { catchUp } from '../src/sync/catchup';
import { change, read, write } from '../src/sync/model';
import { message, room, segment, user } from './known';
import { type Asked, network, settled } from './network';

let asked: Asked[];
const seqs = (id = 7) =>
  segments
    .peek()
    .get(id)
    ?.messages.map((one) => one.seq);
const answer = (more: Partial<RoomChanges>): RoomChanges => ({
  room_id: 7,
  state: 'page',
  messages: [],
  rev: 3,
  more: false,
  ...more,
});

beforeEach(() => {
  endSession();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  asked = network();
  self.value = user;
  session.value = 'signed-in';
  const ids = [7, 8];
  write({
    ...read(),
    rooms: new Map(ids.map((id) => [id, room({ id, seq: 6, rev: 6 })])),
    segments: new Map(ids.map((id) => [id, segment(1, 3)])),
  });
});

test('several rooms are asked about in one request, each from its rev', async () => {
  catchUp(7);
  catchUp(8);
  await settled();
  expect(asked.map((one) => [one.path, one.body])).toEqual([
    [
      '/changes?changes=reactions',
      {
        rooms: [
          { room_id: 7, rev: 3 },
          { room_id: 8, rev: 3 },
        ],
      },
    ],
  ]);
});

test('live messages wait while the room catches up', async () => {
  catchUp(7);
  change((model) => apply(model, { event: 'message.added', data: { message: message(4) } }, new Map()));
  expect(seqs()).toEqual([1, 2, 3]);
  await settled();
  asked[0]?.answers({ rooms: [answer({ rev: 3 })] });
  await settled();
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test('an answer in parts is put together, each part asked for from the rev of the one before', async () => {
  catchUp(7);
  await settled();
  asked[0]?.answers({ rooms: [answer({ messages: [message(4)], rev: 4, more: true })] });
  await settled();
  expect(asked[1]?.body).toEqual({ rooms: [{ room_id: 7, rev: 4 }] });
  expect(seqs()).toEqual([1, 2, 3]);
  asked[1]?.answers({ rooms: [answer({ messages: [message(5)], rev: 5 })] });
  await settled();
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  expect(read().held.size).toBe(0);
  expect(asked.length).toBe(2);
});

test('a room that the server postpones is asked for again', async () => {
  catchUp(7);
  await settled();
  asked[0]?.answers({ rooms: [answer({ state: 'later' })] });
  await settled();
  expect(asked.length).toBe(2);
  expect(asked[1]?.body).toEqual({ rooms: [{ room_id: 7, rev: 3 }] });
});

test('an unreachable server stops it until the next welcome', async () => {
  catchUp(7);
  await settled();
  asked[0]?.fails();
  await settled();
  expect(asked.length).toBe(1);
  catchUp(7);
  await settled();
  expect(asked.length).toBe(2);
});

test('a busy server is asked again after a pause', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  catchUp(7);
  await settled();
  asked[0]?.answers({ code: 'busy' }, 503);
  await settled();
  expect(asked.length).toBe(1);
  vi.advanceTimersByTime(500);
  await settled();
  expect(asked.length).toBe(2);
});

test('a room without a segment is not asked about, and none of its messages wait', async () => {
  write({ ...read(), segments: new Map() });
  catchUp(7);
  await settled();
  expect(asked).toEqual([]);
  expect(read().held.size).toBe(0);
});

test('an answer to an ended session changes nothing', async () => {
  catchUp(7);
  await settled();
  const known = read();
  endSession();
  self.value = user;
  write({ ...known, held: new Map() });
  asked[0]?.answers({ rooms: [answer({ messages: [message(4)], rev: 4 })] });
  await settled();
  expect(seqs()).toEqual([1, 2, 3]);
  catchUp(7);
  await settled();
  expect(asked.length).toBe(2);
});

test('reactions of all parts of an answer are put together', async () => {
  catchUp(7);
  await settled();
  const reactions = (rev: number, id: number) => [
    { seq: 2, rev, text_rev: 2, reactions: [{ emoji: '👍', user_ids: [id] }] },
  ];
  asked[0]?.answers({ rooms: [answer({ reacted: reactions(4, 5), rev: 4, more: true })] });
  await settled();
  asked[1]?.answers({ rooms: [answer({ messages: [message(4, 5)], reacted: reactions(6, 6), rev: 6 })] });
  await settled();
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(segments.peek().get(7)?.messages[1]).toMatchObject({
    rev: 6,
    body: 'm2',
    reactions: [{ emoji: '👍', user_ids: [6] }],
  });
});
