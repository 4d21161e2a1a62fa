// Tests of which page of a room is loaded, and of what is kept.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Page } from '../src/net/types';
import { endSession } from '../src/perSession';
import { loadFailed, openRoom, reading, SEGMENTS_KEPT, segments } from '../src/store/messages';
import { me as self } from '../src/store/session';
import { leaveOpenRoom, loadNewer, loadOlder, loadPresent, openRoomAt } from '../src/sync/history';
import { change, read, write } from '../src/sync/model';
import { markRead } from '../src/sync/read';
import { message, room, segment, user } from './known';
import { type Asked, comesOnline, network, settled } from './network';

let asked: Asked[];

const page = (first: number, last: number, more: Partial<Page> = {}): Page => ({
  messages: Array.from({ length: last - first + 1 }, (_, i) => message(first + i)),
  before: first > 1,
  after: false,
  seq: last,
  rev: last,
  ...more,
});
const paths = () => asked.map((one) => one.path);
const seqs = (id = 7) =>
  segments
    .peek()
    .get(id)
    ?.messages.map((one) => one.seq);

beforeEach(() => {
  endSession();
  vi.unstubAllGlobals();
  asked = network();
  self.value = user;
  write({ ...read(), rooms: new Map([[7, room({ seq: 100, rev: 100, read_seq: 100 })]]) });
});

describe('opening a room', () => {
  test('loads its newest messages', async () => {
    const done = openRoomAt(7);
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50']);
    asked[0]?.answers(page(51, 100));
    await done;
    expect(seqs()?.length).toBe(50);
    expect(openRoom.peek()).toBe(7);
  });

  test('loads around the first unread message', async () => {
    write({ ...read(), rooms: new Map([[7, room({ seq: 100, rev: 100, read_seq: 40 })]]) });
    void openRoomAt(7);
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50&around=41']);
  });

  test('loads around the message of a link', async () => {
    void openRoomAt(7, 12);
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50&around=12']);
  });

  test('asks for nothing when the segment contains the place to open at', async () => {
    write({ ...read(), segments: new Map([[7, segment(51, 100)]]) });
    await openRoomAt(7);
    await openRoomAt(7, 60);
    expect(paths()).toEqual([]);
    void openRoomAt(7, 20);
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50&around=20']);
  });

  test('loads the end when the segment is in the middle of the history', async () => {
    write({ ...read(), segments: new Map([[7, segment(11, 50, { after: true })]]) });
    void openRoomAt(7);
    await settled();
    void openRoomAt(7, 51);
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50', '/rooms/7/messages?limit=50&around=51']);
  });

  test('keeps the segments of the last rooms only', async () => {
    for (let id = 1; id <= SEGMENTS_KEPT + 1; id++) {
      change((model) => ({
        ...model,
        rooms: new Map([...model.rooms, [id, room({ id, seq: 0, rev: 0, read_seq: 0 })]]),
        segments: new Map([...model.segments, [id, { ...segment(1, 0), messages: [], rev: 0 }]]),
      }));
      await openRoomAt(id);
    }
    expect(segments.peek().has(1)).toBe(false);
    expect(segments.peek().size).toBe(SEGMENTS_KEPT);
  });
});

test('closing a room drops a segment in the middle of its history, but not one at its end', async () => {
  write({ ...read(), segments: new Map([[7, segment(51, 100)]]) });
  await openRoomAt(7);
  leaveOpenRoom();
  expect(seqs()?.length).toBe(50);
  expect(openRoom.peek()).toBeUndefined();
  openRoom.value = 7;
  write({ ...read(), segments: new Map([[7, segment(11, 50, { after: true })]]) });
  leaveOpenRoom();
  expect(seqs()).toBeUndefined();
});

describe('loading more', () => {
  test('asks for messages before the first and after the last, and sends no request twice', async () => {
    write({ ...read(), segments: new Map([[7, segment(21, 60, { after: true })]]) });
    void loadOlder(7);
    const done = loadOlder(7);
    void loadNewer(7);
    expect(paths()).toEqual(['/rooms/7/messages?limit=80&before=21', '/rooms/7/messages?limit=80&after=60']);
    asked[0]?.answers(page(1, 20, { rev: 60 }));
    await done;
    expect(seqs()?.[0]).toBe(1);
  });

  test('asks for nothing at the ends of the room', async () => {
    write({ ...read(), segments: new Map([[7, segment(1, 100)]]) });
    await loadOlder(7);
    await loadNewer(7);
    await loadPresent(7);
    expect(paths()).toEqual([]);
  });

  test('loads the end again when changes of the room are missing', () => {
    write({ ...read(), segments: new Map([[7, segment(51, 99)]]) });
    void loadPresent(7);
    expect(paths()).toEqual(['/rooms/7/messages?limit=50']);
  });

  test('notes a failure until a later load works', async () => {
    const first = loadPresent(7);
    asked[0]?.fails();
    await first;
    expect([...loadFailed.peek()]).toEqual([7]);
    const second = loadPresent(7);
    asked[1]?.answers(page(51, 100));
    await second;
    expect([...loadFailed.peek()]).toEqual([]);
  });

  test('ignores an answer for an ended session', async () => {
    const late = loadPresent(7);
    endSession();
    asked[0]?.answers(page(51, 100));
    await late;
    expect(seqs()).toBeUndefined();
    const failed = loadPresent(7);
    endSession();
    asked[1]?.fails();
    await failed;
    expect([...loadFailed.peek()]).toEqual([]);
  });
});

describe('when the server is back', () => {
  const known = () => write({ ...read(), rooms: new Map([[7, room({ seq: 100, rev: 100, read_seq: 40 })]]) });

  test('the open room is loaded if it could not be before', async () => {
    known();
    openRoom.value = 7;
    comesOnline();
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50&around=41']);
  });

  test('a room that is opened right after loads its own page only', async () => {
    known();
    comesOnline();
    void openRoomAt(7, 90);
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50&around=90']);
  });

  test('the open room is loaded where an unsent read position puts it', async () => {
    known();
    openRoom.value = 7;
    markRead(7, 80);
    write({ ...read(), rooms: new Map([[7, room({ seq: 100, rev: 100, read_seq: 40 })]]) });
    comesOnline();
    await settled();
    expect(paths()).toContain('/rooms/7/messages?limit=50&around=81');
  });

  test('a page that was asked for before the welcome does not replace the one at what is unread', async () => {
    // What is known says that all is read.
    const early = openRoomAt(7);
    await settled();
    known();
    comesOnline();
    await settled();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50', '/rooms/7/messages?limit=50&around=41']);
    asked[1]?.answers(page(16, 65, { after: true, rev: 100 }));
    await settled();
    asked[0]?.answers(page(51, 100));
    await early;
    expect(seqs()?.[0]).toBe(16);
    expect(seqs()?.length).toBe(50);
    // Its failure is none of this page either.
    expect([...loadFailed.peek()]).toEqual([]);
  });

  test('a room that is here already is left alone', async () => {
    known();
    openRoom.value = 7;
    write({ ...read(), segments: new Map([[7, segment(1, 100)]]) });
    comesOnline();
    await settled();
    expect(paths()).toEqual([]);
  });
});

describe('a room whose copy is too old', () => {
  const tooOld = () => change((model) => ({ model, wants: [{ kind: 'page', room: 7 }] }));

  test('is loaded again when its room is open: the end, or around the place being read', async () => {
    openRoom.value = 7;
    tooOld();
    expect(paths()).toEqual(['/rooms/7/messages?limit=50']);
    reading.now.set(7, { seq: 30, atEnd: false });
    tooOld();
    expect(paths().at(-1)).toBe('/rooms/7/messages?limit=50&around=30');
  });

  test('is dropped when its room is not open', () => {
    write({ ...read(), segments: new Map([[7, segment(51, 100)]]) });
    tooOld();
    expect(seqs()).toBeUndefined();
    expect(paths()).toEqual([]);
  });
});
