import { describe, expect, test } from 'vitest';
import { rowsOf } from '../src/features/messages/rows';
import {
  windowAround,
  windowAtEnd,
  windowDown,
  windowKept,
  windowMost,
  windowUp,
} from '../src/features/messages/window';
import { composing, sends } from '../src/kit/enter';
import type { Message, Pending } from '../src/store/messages';

const minute = 60_000;
const noon = new Date(2026, 10, 23, 12).getTime();

function message(seq: number, author: number, at: number): Message {
  return {
    room_id: 1,
    seq,
    rev: seq,
    author_id: author,
    client_id: `c${seq}`,
    body: '',
    html: '',
    created_at: at,
  };
}

describe('grouping', () => {
  const rows = (messages: Message[], pending: Pending[] = [], line?: number) =>
    rowsOf(messages, pending, 1, line).map(
      (r) => `${r.day ? 'day ' : ''}${r.line ? 'line ' : ''}${r.grouped ? 'grouped' : 'head'}`,
    );

  test('the same author within five minutes', () => {
    const list = [
      message(1, 2, noon),
      message(2, 2, noon + 5 * minute),
      message(3, 2, noon + 11 * minute),
      message(4, 3, noon + 11 * minute),
    ];
    expect(rows(list)).toEqual(['day head', 'grouped', 'head', 'head']);
  });

  test('a new day and the unread line begin a new group', () => {
    const midnight = new Date(2026, 10, 24).getTime();
    const list = [
      message(1, 2, midnight - minute),
      message(2, 2, midnight + minute),
      message(3, 2, midnight + 2 * minute),
    ];
    expect(rows(list, [], 3)).toEqual(['day head', 'day head', 'line head']);
  });

  test('the same day of another month is another day', () => {
    const list = [message(1, 2, noon), message(2, 2, new Date(2026, 11, 23, 12).getTime())];
    expect(rows(list)).toEqual(['day head', 'day head']);
  });

  test('a waiting message has the row key that it keeps when it is stored', () => {
    const waiting: Pending = {
      clientID: 'x',
      room: 1,
      body: 'hi',
      createdAt: noon + minute,
      state: 'queued',
    };
    const before = rowsOf([message(1, 1, noon)], [waiting], 1, undefined);
    const stored = { ...message(2, 1, noon + minute), client_id: 'x' };
    const after = rowsOf([message(1, 1, noon), stored], [], 1, undefined);
    expect(before.map((r) => r.key)).toEqual(after.map((r) => r.key));
    expect(before[1]?.grouped).toBe(true);
  });
});

describe('window', () => {
  test('starts with forty rows', () => {
    expect(windowAtEnd(1000)).toEqual({ from: 960, to: 1000 });
    expect(windowAtEnd(10)).toEqual({ from: 0, to: 10 });
    expect(windowAround(1000, 500)).toEqual({ from: 487, to: 527 });
    expect(windowAround(1000, 0)).toEqual({ from: 0, to: 40 });
    expect(windowAround(1000, 999)).toEqual({ from: 960, to: 1000 });
  });

  test('moves forty rows at a time and never holds more than 160', () => {
    let view = windowAtEnd(400);
    for (let i = 0; i < 12; i++) {
      view = windowUp(view);
      expect(view.to - view.from).toBeLessThanOrEqual(windowMost);
    }
    expect(view).toEqual({ from: 0, to: 160 });
    for (let i = 0; i < 12; i++) {
      view = windowDown(view, 400);
      expect(view.to - view.from).toBeLessThanOrEqual(windowMost);
    }
    expect(view).toEqual({ from: 240, to: 400 });
  });

  test('keeps its rows when others are added in front', () => {
    expect(windowKept({ from: 10, to: 50 }, 90, 480, false)).toEqual({ from: 90, to: 130 });
  });

  test('at the end, new rows are added and forty are dropped above when there are too many', () => {
    expect(windowKept({ from: 240, to: 400 }, 240, 401, true)).toEqual({ from: 280, to: 401 });
    expect(windowKept({ from: 0, to: 3 }, 0, 4, true)).toEqual({ from: 0, to: 4 });
  });
});

describe('Enter', () => {
  const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };

  test('sends; with Shift or on touch it breaks the line', () => {
    expect(sends(enter, false)).toBe(true);
    expect(sends({ ...enter, shiftKey: true }, false)).toBe(false);
    expect(sends(enter, true)).toBe(false);
  });

  test('never sends while composing, in Chromium or Safari', () => {
    expect(sends({ ...enter, isComposing: true }, false)).toBe(false);
    expect(sends({ ...enter, keyCode: 229 }, false)).toBe(false);
    expect(composing({ isComposing: false, keyCode: 229 })).toBe(true);
  });
});
