import { describe, expect, test } from 'vitest';
import { backoff, comeback, waitAfter } from '../src/net/socket';
import type { Pending } from '../src/store/messages';
import { byRoom, joined, nextToSend, verdict } from '../src/sync/delivery';
import { newClientID } from '../src/sync/ids';

const one = (clientID: string, room = 1, state: Pending['state'] = 'queued'): Pending => ({
  clientID,
  room,
  body: clientID,
  createdAt: 0,
  state,
});

describe('the outcome of a send', () => {
  test('an unknown outcome and "not now" are not refusals', () => {
    for (const code of ['offline', 'rate_limited', 'busy', 'unavailable', 'unknown', 'internal'] as const) {
      expect(verdict(code)).toBe('again');
    }
  });

  test('a final error is a refusal', () => {
    for (const code of [
      'forbidden',
      'not_found',
      'message_too_long',
      'invalid',
      'client_id_reused',
    ] as const) {
      expect(verdict(code)).toBe('refused');
    }
  });

  test('a lost session keeps the message for the next sign-in', () => {
    expect(verdict('signed_out')).toBe('signed-out');
  });
});

describe('the order of the outbox', () => {
  test('the oldest queued message is next; a refused one stops nobody', () => {
    expect(nextToSend([one('a', 1, 'refused'), one('b'), one('c')])?.clientID).toBe('b');
    expect(nextToSend([one('a', 1, 'sent')])).toBeUndefined();
  });

  test('is the order of writing, in each room', () => {
    const rooms = byRoom([one('c', 2), one('b'), one('a')]);
    expect(rooms.get(1)?.map((p) => p.clientID)).toEqual(['a', 'b']);
    expect(rooms.get(2)?.map((p) => p.clientID)).toEqual(['c']);
  });

  test('reading an old copy of the outbox brings no stored message back', () => {
    const here = new Map([[1, [one('b', 1, 'sent')]]]);
    const all = joined(here, [one('a'), one('b'), one('c')], new Set(['a', 'b']));
    expect(all.get(1)?.map((p) => `${p.clientID} ${p.state}`)).toEqual(['b sent', 'c queued']);
  });
});

describe('client ids', () => {
  test('are version 7, and in order even within a millisecond', () => {
    const ids = Array.from({ length: 5000 }, () => newClientID(1_000_000));
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('coming back', () => {
  test('the wait doubles from half a second to thirty seconds, with full jitter', () => {
    expect([0, 1, 2, 5, 6, 50].map((n) => backoff(n, 1))).toEqual([500, 1000, 2000, 16000, 30000, 30000]);
    expect(backoff(6, 0.5)).toBe(15000);
    expect(backoff(6, 0)).toBe(0);
  });

  test('the close code decides how to reconnect', () => {
    expect([1001, 1012, 4008].map(comeback)).toEqual(['at-once', 'at-once', 'at-once']);
    expect([1006, 1000, 1011].map(comeback)).toEqual(['back-off', 'back-off', 'back-off']);
    expect([1013, 4009].map(comeback)).toEqual(['later', 'later']);
    expect([1007, 1008, 1009, 4003].map(comeback)).toEqual(['never', 'never', 'never', 'never']);
    expect(comeback(4001)).toBe('ask');
  });

  test('"at once" has jitter, and backs off when it fails again', () => {
    expect(waitAfter('at-once', 0, 0.5)).toBe(250);
    expect(waitAfter('at-once', 4, 1)).toBe(8000);
    expect(waitAfter('later', 0, 0)).toBe(5000);
  });
});
