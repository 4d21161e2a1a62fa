// Tests of HTTP requests that come too fast.
import { beforeEach, expect, test, vi } from 'vitest';
import { api } from '../src/net/api';
import { type Asked, network, settled } from './network';

let asked: Asked[];
const tooFast = { code: 'rate_limited', message: '', retry_after: 700 };
const busy = { ...tooFast, code: 'busy' };

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  asked = network();
});

test.each([
  [tooFast, 429],
  [busy, 503],
])(
  'a read that is refused for now is asked again when the server said, and nobody sees it',
  async (refusal, status) => {
    const got = api('GET', '/rooms/7/messages?limit=50');
    asked[0]?.answers(refusal, status);
    await settled();
    vi.advanceTimersByTime(699);
    await settled();
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await settled();
    asked[1]?.answers({ messages: [] });
    expect(await got).toEqual({ messages: [] });
  },
);

test('a request that is too fast again and again fails in the end', async () => {
  const got = api('GET', '/rooms').catch((error) => error.code);
  for (let n = 0; n < 28; n++) {
    asked[n]?.answers(tooFast, 429);
    await settled();
    vi.advanceTimersByTime(700);
    await settled();
  }
  asked[28]?.answers(tooFast, 429);
  expect(await got).toBe('rate_limited');
});

test('other refusals are not asked again', async () => {
  const got = api('GET', '/rooms/7').catch((error) => error.code);
  asked[0]?.answers({ code: 'not_found', message: '' }, 404);
  expect(await got).toBe('not_found');
  expect(asked).toHaveLength(1);
});
