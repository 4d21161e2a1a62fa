// Tests of sending the outbox: in order, once, and again while the outcome is unknown.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { endSession } from '../src/perSession';
import type { Pending } from '../src/store/messages';
import { pending as outbox, segments } from '../src/store/messages';
import { me as self, session } from '../src/store/session';
import { read, write } from '../src/sync/model';
import { discardMessage, readOutbox } from '../src/sync/outbox';
import { flush, onRefused, retryMessage, sendMessage } from '../src/sync/sender';
import { pending, room, segment, user } from './known';
import { type Asked, network, settled } from './network';

let asked: Asked[];
let locked: string[];
const refusals: string[] = [];
onRefused((code) => refusals.push(code));

const bodies = () => asked.map((one) => one.body.body);
const states = (id = 7) =>
  outbox
    .peek()
    .get(id)
    ?.map((one) => `${one.body} ${one.state}`);
const stored = (seq: number) => ({ seq, rev: seq, created_at: 0 });
const first = (id = 7) => outbox.peek().get(id)?.[0] as Pending;

function signIn(id = user.id): void {
  self.value = { ...user, id };
  session.value = 'signed-in';
  write({ ...read(), rooms: new Map([7, 8].map((one) => [one, room({ id: one })])) });
}

beforeEach(() => {
  session.value = 'signed-out';
  endSession();
  vi.unstubAllGlobals();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  locked = [];
  vi.stubGlobal('navigator', {
    locks: {
      request: (name: string, act: () => Promise<void>) => {
        locked.push(name);
        return act();
      },
    },
  });
  asked = network();
  refusals.length = 0;
  signIn();
});

describe('messages of one room', () => {
  test('go one after the other, in the order of writing', async () => {
    sendMessage(7, 'one');
    sendMessage(7, 'two');
    await settled();
    expect(bodies()).toEqual(['one']);
    asked[0]?.answers(stored(4));
    await settled();
    expect(bodies()).toEqual(['one', 'two']);
    expect(locked).toEqual(['parley-outbox-1']);
  });

  test('do not wait for another room', async () => {
    sendMessage(7, 'one');
    sendMessage(8, 'other');
    await settled();
    expect(bodies()).toEqual(['one', 'other']);
  });

  test('go on after a refused one, which keeps its text and its reason', async () => {
    sendMessage(7, 'one');
    sendMessage(7, 'two');
    await settled();
    asked[0]?.answers({ code: 'forbidden' }, 403);
    await settled();
    expect(bodies()).toEqual(['one', 'two']);
    expect(states()).toEqual(['one refused', 'two queued']);
    expect(first().code).toBe('forbidden');
    expect(refusals).toEqual(['forbidden']);
  });
});

describe('an unknown outcome', () => {
  test('sends the same client_id again, and nothing overtakes it', async () => {
    sendMessage(7, 'one');
    sendMessage(7, 'two');
    await settled();
    asked[0]?.fails();
    await settled();
    expect(states()).toEqual(['one queued', 'two queued']);
    expect(bodies()).toEqual(['one']);
    vi.runAllTimers();
    await settled();
    expect(bodies()).toEqual(['one', 'one']);
    expect(asked[1]?.body.client_id).toBe(asked[0]?.body.client_id);
  });

  test('also sends again after "busy"', async () => {
    sendMessage(7, 'one');
    await settled();
    asked[0]?.answers({ code: 'busy' }, 503);
    await settled();
    vi.runAllTimers();
    await settled();
    expect(bodies()).toEqual(['one', 'one']);
  });
});

test('after "too fast" the sender waits 1.5 times as long as the server asks', async () => {
  sendMessage(7, 'one');
  await settled();
  asked[0]?.answers({ code: 'rate_limited', retry_after: 1_000 }, 429);
  await settled();
  vi.advanceTimersByTime(1_499);
  await settled();
  expect(bodies()).toEqual(['one']);
  vi.advanceTimersByTime(1);
  await settled();
  expect(bodies()).toEqual(['one', 'one']);
});

test('a busy server slows nothing down once it has answered', async () => {
  sendMessage(7, 'one');
  sendMessage(7, 'two');
  await settled();
  asked[0]?.answers({ code: 'busy', retry_after: 1_000 }, 503);
  await settled();
  vi.runAllTimers();
  await settled();
  asked[1]?.answers(stored(1));
  await settled();
  vi.advanceTimersByTime(1);
  await settled();
  expect(bodies()).toEqual(['one', 'one', 'two']);
});

describe('a message that is stored', () => {
  test('keeps its row until the event comes', async () => {
    write({ ...read(), segments: new Map([[7, segment(1, 3)]]) });
    sendMessage(7, 'one');
    await settled();
    asked[0]?.answers(stored(4));
    await settled();
    expect(first()).toMatchObject({ state: 'sent', seq: 4 });
  });

  test('needs no row when its event came first, or when its room has no segment', async () => {
    write({ ...read(), segments: new Map([[7, segment(1, 4)]]) });
    sendMessage(7, 'one');
    sendMessage(8, 'other');
    await settled();
    asked[0]?.answers(stored(4));
    asked[1]?.answers(stored(4));
    await settled();
    expect(segments.peek().has(8)).toBe(false);
    expect([states(7), states(8)]).toEqual([[], []]);
  });

  test('does not come back when an old copy is read from disk', async () => {
    sendMessage(7, 'one');
    await settled();
    asked[0]?.answers(stored(4));
    await settled();
    await readOutbox();
    expect(states()).toBeUndefined();
  });
});

describe('a refused message', () => {
  beforeEach(() => {
    write({ ...read(), pending: new Map([[7, [pending('x', { state: 'refused', code: 'forbidden' })]]]) });
  });

  test('is sent again under the same id, so that it is stored once', async () => {
    retryMessage(first());
    await settled();
    expect(asked[0]?.body).toEqual({ client_id: 'x', body: 'x' });
    expect(first().code).toBeUndefined();
  });

  test('is sent under a new id with another text, or when its id was used', async () => {
    retryMessage(first(), 'other');
    await settled();
    expect(asked[0]?.body.body).toBe('other');
    expect(asked[0]?.body.client_id).not.toBe('x');
    write({
      ...read(),
      pending: new Map([[8, [pending('y', { room: 8, state: 'refused', code: 'client_id_reused' })]]]),
    });
    retryMessage(first(8));
    await settled();
    expect(asked[1]?.body.client_id).not.toBe('y');
  });

  test('is not sent by itself, and is removed when it is discarded', async () => {
    flush();
    await settled();
    expect(asked).toEqual([]);
    discardMessage(first());
    expect(states()).toEqual([]);
  });
});

describe('when the session ends', () => {
  test('queued messages are not sent by the next session', async () => {
    sendMessage(7, 'one');
    sendMessage(7, 'two');
    await settled();
    endSession();
    signIn(2);
    asked[0]?.answers(stored(4));
    await settled();
    vi.runAllTimers();
    await settled();
    expect(bodies()).toEqual(['one']);
    expect(outbox.peek().size).toBe(0);
  });

  test('the next session has its own outbox at once', async () => {
    sendMessage(7, 'one');
    await settled();
    endSession();
    signIn(2);
    sendMessage(7, 'hers');
    await settled();
    expect(bodies()).toEqual(['one', 'hers']);
    asked[0]?.answers(stored(4));
    await settled();
    expect(bodies()).toEqual(['one', 'hers']);
    expect(locked).toEqual(['parley-outbox-1', 'parley-outbox-2']);
  });

  test('a late refusal is not shown to the next session', async () => {
    sendMessage(7, 'one');
    await settled();
    endSession();
    signIn(2);
    asked[0]?.answers({ code: 'forbidden' }, 403);
    await settled();
    expect(refusals).toEqual([]);
    expect(outbox.peek().size).toBe(0);
  });

  test('a lost session keeps what is queued', async () => {
    sendMessage(7, 'one');
    await settled();
    asked[0]?.answers({ code: 'signed_out' }, 401);
    await settled();
    vi.runAllTimers();
    await settled();
    expect(states()).toEqual(['one queued']);
    expect(bodies()).toEqual(['one']);
  });
});
