// Tests of the read position: what moves it, and when the server's position counts.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoomState } from '../src/net/types';
import { endSession } from '../src/perSession';
import { unreadLine } from '../src/store/messages';
import { rooms } from '../src/store/rooms';
import { me as self } from '../src/store/session';
import '../src/sync/live';
import { read, write } from '../src/sync/model';
import { markRead, markUnreadFrom, noteReading, onReadingCheck } from '../src/sync/read';
import { readTo } from '../src/sync/reading';
import { hear, socket } from '../src/sync/socket';
import { room, user, welcome } from './known';
import { type Asked, comesOnline, network, settled } from './network';

let asked: Asked[];
const page = { hidden: false, hasFocus: () => true };

function know(...known: RoomState[]): void {
  endSession();
  self.value = user;
  write({ ...read(), rooms: new Map(known.map((one) => [one.id, one])) });
}

const position = (id = 7) => rooms.peek().get(id)?.read_seq;
const moved = (seq: number, unread = 0) => {
  hear({ event: 'read.moved', data: { room_id: 7, read_seq: seq, unread, user_rev: 2 } });
  vi.runAllTimers();
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
  Object.assign(page, { hidden: false, hasFocus: () => true });
  asked = network();
  know(room({ seq: 9, rev: 9, read_seq: 3 }));
});

describe('marking a room read', () => {
  test('moves to its end or to a message, and tells the server', () => {
    markRead(7, 5);
    expect(position()).toBe(5);
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PUT', '/rooms/7/read', { read_seq: 5 }],
    ]);
    markRead(7);
    expect(position()).toBe(9);
  });

  test('never goes backwards', () => {
    markRead(7, 2);
    expect(position()).toBe(3);
    markRead(7, 3);
    expect(asked).toEqual([]);
  });

  test('stops at the newest message', () => {
    expect(readTo({ seq: 9, read_seq: 3 }, 20)).toBe(9);
    expect(readTo({ seq: 9, read_seq: 9 }, 20)).toBeUndefined();
    expect(readTo(undefined, 20)).toBeUndefined();
  });

  test('ends the quiet state of a line set by hand', () => {
    markUnreadFrom(7, 6);
    expect(unreadLine.peek()).toMatchObject({ seq: 6, quiet: true });
    markRead(7);
    expect(unreadLine.peek()).toMatchObject({ seq: 6, quiet: false });
  });
});

test('marking a message unread moves the position to just before it, and the line to it', () => {
  markRead(7);
  markUnreadFrom(7, 6);
  expect(position()).toBe(5);
  expect(unreadLine.peek()).toEqual({ room: 7, seq: 6, until: 9, count: 0, quiet: true });
});

describe("while a position of one's own is on its way", () => {
  test('the server does not overwrite it', () => {
    markRead(7);
    moved(4);
    expect(position()).toBe(9);
  });

  test('what the server says of this position counts', () => {
    markRead(7, 5);
    expect(rooms.peek().get(7)?.unread).toBe(4);
    moved(4, 9);
    expect(rooms.peek().get(7)?.unread).toBe(4);
    moved(5, 2);
    expect(rooms.peek().get(7)?.unread).toBe(2);
  });

  test('the server may still move the position of another room', () => {
    write({ ...read(), rooms: new Map([...rooms.peek(), [8, room({ id: 8, seq: 9, read_seq: 1 })]]) });
    markRead(8);
    moved(4);
    expect(position()).toBe(4);
    expect(position(8)).toBe(9);
  });

  test('newer positions wait, and only the last is sent', async () => {
    markRead(7, 4);
    markRead(7, 5);
    markRead(7, 6);
    expect(asked.length).toBe(1);
    asked[0]?.answers({ room_id: 7, read_seq: 4 });
    await settled();
    expect(asked.map((one) => one.body.read_seq)).toEqual([4, 6]);
  });

  test("after the answer, the server's position counts", async () => {
    markRead(7);
    asked[0]?.answers({ room_id: 7, read_seq: 9 });
    await settled();
    moved(4);
    expect(position()).toBe(4);
  });

  test('a refusal gives the position up', async () => {
    markRead(7);
    asked[0]?.answers({ code: 'not_found' }, 404);
    await settled();
    moved(4);
    expect(position()).toBe(4);
  });
});

describe('a position that did not reach the server', () => {
  const online = (readSeq = 3) => {
    vi.spyOn(socket, 'online', 'get').mockReturnValue(false);
    hear({ event: 'welcome', data: welcome({ rooms: [room({ seq: 9, rev: 9, read_seq: readSeq })] }) });
    comesOnline();
  };

  test('is restored and sent again after reconnecting', async () => {
    markRead(7, 8);
    asked[0]?.fails();
    await settled();
    expect(asked.length).toBe(1);
    online();
    expect(position()).toBe(8);
    expect(asked.map((one) => one.body.read_seq)).toEqual([8, 8]);
  });

  test('does not move back what was read meanwhile on another device, or by a message of its own', async () => {
    markRead(7, 5);
    asked[0]?.fails();
    await settled();
    online(8);
    expect(position()).toBe(8);
    await settled();
    expect(asked.length).toBe(1);
    // It waits no more: what the server says next counts.
    moved(4);
    expect(position()).toBe(4);
  });

  test('moves back when a message was marked unread, and whatever was read after that', async () => {
    markRead(7);
    asked[0]?.answers({ room_id: 7, read_seq: 9 });
    await settled();
    markUnreadFrom(7, 6);
    asked[1]?.fails();
    await settled();
    online(9);
    expect(position()).toBe(5);
    asked[2]?.fails();
    await settled();
    markRead(7, 7);
    asked[3]?.fails();
    await settled();
    online(9);
    expect(position()).toBe(7);
    expect(asked.map((one) => one.body.read_seq)).toEqual([9, 5, 5, 7, 7]);
  });

  test('is given up when a message of its own is further when it is tried again', async () => {
    markRead(7, 5);
    asked[0]?.answers({ code: 'unavailable' }, 503);
    await settled();
    moved(9);
    await settled();
    expect(position()).toBe(9);
    expect(asked.length).toBe(1);
  });

  test('is kept and sent again when the server could not store it', async () => {
    markRead(7, 8);
    asked[0]?.answers({ code: 'unavailable' }, 503);
    await settled();
    moved(3);
    expect(position()).toBe(8);
    expect(asked.map((one) => one.body.read_seq)).toEqual([8, 8]);
    asked[1]?.answers({ room_id: 7, read_seq: 8 });
    await settled();
    moved(4);
    expect(position()).toBe(4);
    expect(asked.length).toBe(2);
  });

  test('is not sent by the next session', async () => {
    markRead(7, 4);
    markRead(7, 8);
    know(room({ seq: 9, rev: 9, read_seq: 3 }));
    asked[0]?.answers({ room_id: 7, read_seq: 4 });
    await settled();
    online();
    expect(asked.length).toBe(1);
    expect(position()).toBe(3);
  });
});

describe('what is seen', () => {
  test('counts after it was visible for a second', () => {
    noteReading(7, 6);
    vi.advanceTimersByTime(999);
    expect(position()).toBe(3);
    vi.advanceTimersByTime(1);
    expect(position()).toBe(6);
  });

  test('does not count in a hidden window or one without the focus', () => {
    page.hasFocus = () => false;
    noteReading(7, 6);
    vi.runAllTimers();
    page.hasFocus = () => true;
    page.hidden = true;
    noteReading(7, 6);
    vi.runAllTimers();
    expect(position()).toBe(3);
  });

  test('does not mark messages read that were marked unread by hand', () => {
    markUnreadFrom(7, 2);
    noteReading(7, 9);
    vi.runAllTimers();
    expect(position()).toBe(1);
  });

  test('is checked again after a row has counted', () => {
    const check = vi.fn();
    const stop = onReadingCheck(check);
    noteReading(7, 6);
    vi.runAllTimers();
    expect(check).toHaveBeenCalledTimes(1);
    noteReading(7, 8);
    stop();
    vi.runAllTimers();
    expect(position()).toBe(6);
  });

  test('does not count after the session ended, nor too early in the next session', () => {
    noteReading(7, 6);
    vi.advanceTimersByTime(500);
    know(room({ seq: 9, rev: 9, read_seq: 3 }));
    noteReading(7, 8);
    vi.advanceTimersByTime(600);
    expect(position()).toBe(3);
    vi.advanceTimersByTime(400);
    expect(position()).toBe(8);
  });
});
