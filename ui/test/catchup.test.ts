// Asking what was missed in rooms.
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
      '/changes',
      {
        rooms: [
          { room_id: 7, rev: 3 },
          { room_id: 8, rev: 3 },
        ],
      },
    ],
  ]);
});

test('what comes live meanwhile waits, from the moment that the room is asked about', async () => {
  catchUp(7);
  change((model) => apply(model, { event: 'message.added', data: { message: message(4) } }, new Map()));
  expect(seqs()).toEqual([1, 2, 3]);
  await settled();
  asked[0]?.answers({ rooms: [answer({ rev: 3 })] });
  await settled();
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test('parts of an answer are put together, and the room is asked about from the last one', async () => {
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

test('what the server puts off is asked for again', async () => {
  catchUp(7);
  await settled();
  asked[0]?.answers({ rooms: [answer({ state: 'later' })] });
  await settled();
  expect(asked.length).toBe(2);
  expect(asked[1]?.body).toEqual({ rooms: [{ room_id: 7, rev: 3 }] });
});

test('without a server it stops; the next welcome asks again', async () => {
  catchUp(7);
  await settled();
  asked[0]?.fails();
  await settled();
  expect(asked.length).toBe(1);
  catchUp(7);
  await settled();
  expect(asked.length).toBe(2);
});

test('a server that is busy is asked again after a while', async () => {
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

test('a room that is held no more is not asked about, and nothing waits for it', async () => {
  write({ ...read(), segments: new Map() });
  catchUp(7);
  await settled();
  expect(asked).toEqual([]);
  expect(read().held.size).toBe(0);
});

test('the answer to the session before changes nothing', async () => {
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
