import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whyNoSocket } from '../src/features/no-socket/why';
import { type ApiError, api } from '../src/net/api';
import { socket } from '../src/sync/socket';
import { noteTyping } from '../src/sync/typing';
import { network } from './network';

/** The sockets that the page opened. The test plays their server. */
class Opened extends EventTarget {
  static readonly OPEN = 1;
  static all: Opened[] = [];
  readyState = 0;
  onmessage: ((frame: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: { event: string; id: string }[] = [];

  constructor() {
    super();
    Opened.all.push(this);
  }
  send(frame: string): void {
    this.sent.push(JSON.parse(frame));
  }
  close(): void {}
  welcomes(): void {
    this.readyState = 1;
    this.onmessage?.({ data: '{"event": "hello", "data": {}}\n{"event": "welcome", "data": {}}' });
  }
  answers(which: string): void {
    for (const { id } of this.sent.filter((one) => one.event === which)) {
      this.onmessage?.({ data: JSON.stringify({ event: 'reply', id, data: {} }) });
    }
  }
  hears(): void {
    this.onmessage?.({ data: '{"event": "hello", "data": {}}' });
  }
  ends(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const last = () => Opened.all.at(-1) as Opened;
const tries = () => Opened.all.length;

beforeEach(() => {
  vi.useFakeTimers();
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('location', { origin: 'http://localhost:3000' });
  vi.stubGlobal('WebSocket', Opened);
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  Opened.all = [];
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Loses the server for so long that the next try is half a minute away. */
function losesTheServer(): void {
  socket.start();
  for (let i = 0; i < 8; i++) {
    last().ends();
    if (i < 7) {
      vi.advanceTimersToNextTimer();
    }
  }
  vi.advanceTimersByTime(5_000);
}

test('an answer over HTTP brings the socket back at once', async () => {
  const asked = network((one) => (one.path === '/me' ? {} : undefined));
  losesTheServer();
  const before = tries();
  await api('GET', '/me');
  expect(tries()).toBe(before + 1);
  expect(asked).toHaveLength(1);

  // Not a second time while that try goes on, and not more than once a second when it fails.
  await api('GET', '/me');
  expect(tries()).toBe(before + 1);
  last().ends();
  await api('GET', '/me');
  await api('GET', '/me');
  expect(tries()).toBe(before + 1);
  vi.advanceTimersByTime(1_000);
  expect(tries()).toBe(before + 2);

  // A try that hangs does not keep it away.
  vi.advanceTimersByTime(4_000);
  await api('GET', '/me');
  expect(tries()).toBe(before + 3);
});

test('a refusal of the server shows that it is back, and silence or a proxy does not', async () => {
  const asked = network();
  losesTheServer();
  const before = tries();
  const lost = api('GET', '/me').catch((error: Error) => error);
  asked[0]?.fails();
  await lost;
  const proxy = api('GET', '/me').catch((error: Error) => error);
  asked[1]?.answers('Bad Gateway', 502);
  await proxy;
  expect(tries()).toBe(before);
  const refused = api('GET', '/me').catch((error: Error) => error);
  asked[2]?.answers({ code: 'not_found' }, 404);
  await refused;
  expect(tries()).toBe(before + 1);
});

test('typing brings the socket back', () => {
  losesTheServer();
  const before = tries();
  socket.tell('typing.start', { room_id: 1 });
  expect(tries()).toBe(before + 1);
});

test('each key brings the socket back while it is away', () => {
  losesTheServer();
  const before = tries();
  noteTyping(1);
  expect(tries()).toBe(before + 1);
  last().ends();
  vi.advanceTimersByTime(1_500);
  noteTyping(1);
  expect(tries()).toBe(before + 2);
});

test('what asks for haste during a try that fails has the next one follow soon', async () => {
  network(() => ({}));
  losesTheServer();
  socket.hurry();
  const before = tries();
  vi.advanceTimersByTime(1_500);
  await api('GET', '/me');
  expect(tries()).toBe(before);
  last().ends();
  vi.advanceTimersByTime(1_000);
  expect(tries()).toBe(before + 1);
});

test('coming online and becoming visible bring the socket back', () => {
  for (const event of ['online', 'visibilitychange']) {
    losesTheServer();
    const before = tries();
    document.dispatchEvent(new Event(event));
    expect(tries()).toBe(before + 1);
    socket.stop();
  }
});

test('a wait that the server asked for is not cut short', async () => {
  network(() => ({}));
  socket.start();
  last().ends(1013);
  await api('GET', '/me');
  socket.tell('typing.start', { room_id: 1 });
  vi.advanceTimersByTime(4_000);
  expect(tries()).toBe(1);
});

const send = () =>
  socket
    .request('message.send', { room_id: 1, client_id: 'c', body: 'Hello' })
    .then(() => 'sent')
    .catch((error: ApiError) => error.code);

test('a line that died while something waits for an answer is given up after 9 seconds', async () => {
  socket.start();
  last().welcomes();
  vi.advanceTimersByTime(10_000);
  const sent = send();
  vi.advanceTimersByTime(8_999);
  expect(tries()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await sent).toBe('offline');
  vi.advanceTimersByTime(500);
  expect(tries()).toBe(2);
});

test('a line that is slow, or a server that takes long, is not given up', async () => {
  socket.start();
  last().welcomes();
  const sent = send();
  for (let second = 0; second < 20; second++) {
    vi.advanceTimersByTime(1_000);
    last().hears();
  }
  expect(last().sent.map((one) => one.event)).toEqual(['message.send']);
  // Then nothing else comes, but the server answers whether it is there.
  vi.advanceTimersByTime(3_000);
  expect(last().sent.map((one) => one.event)).toEqual(['message.send', 'ping']);
  vi.advanceTimersByTime(5_000);
  last().answers('ping');
  vi.advanceTimersByTime(2_000);
  expect(tries()).toBe(1);
  last().answers('message.send');
  expect(await sent).toBe('sent');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(last().sent.filter((one) => one.event === 'ping').length).toBeLessThanOrEqual(3);
  expect(tries()).toBe(1);
});

/** Asks why no WebSocket opens, until `gone`. */
function asksWhy() {
  const gone = new AbortController();
  return { gone, why: whyNoSocket(gone.signal) };
}

test('why no WebSocket opens is not asked before several tries failed', async () => {
  const asked = network();
  socket.start();
  const { gone } = asksWhy();
  last().ends();
  await vi.advanceTimersByTimeAsync(600);
  last().ends();
  await vi.advanceTimersByTimeAsync(1_100);
  expect(asked).toHaveLength(0);
  last().ends();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked.map((one) => `${one.method} ${one.path}`)).toEqual(['GET /ws']);
  gone.abort();
});

test('a socket that the server opened and closed has not failed', async () => {
  const asked = network();
  socket.start();
  const { gone } = asksWhy();
  for (let i = 0; i < 4; i++) {
    last().ends(1013);
    await vi.advanceTimersByTimeAsync(31_000);
  }
  expect(tries()).toBeGreaterThan(4);
  expect(asked).toHaveLength(0);
  gone.abort();
});

test('a server that is back gets one socket and one request', async () => {
  const asked = network();
  losesTheServer();
  const before = tries();
  const { gone } = asksWhy();
  await vi.advanceTimersByTimeAsync(0);
  asked[0]?.answers({ code: 'upgrade_required' }, 426);
  await vi.advanceTimersByTimeAsync(0);
  expect(tries()).toBe(before + 1);
  last().welcomes();
  gone.abort();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(tries()).toBe(before + 1);
  expect(asked.map((one) => one.path)).toEqual(['/ws']);
});

test.each([
  ['upgrade', { code: 'upgrade_required' }, 426],
  ['path', '<h1>Not Found</h1>', 404],
  [undefined, 'Bad Gateway', 502],
])('the reason is %s when /ws answers %j and nothing opens', async (reason, answer, status) => {
  const asked = network((one) => (one.path === '/ws' ? undefined : []));
  losesTheServer();
  const { why } = asksWhy();
  await vi.advanceTimersByTimeAsync(0);
  asked[0]?.answers(answer, status);
  await vi.advanceTimersByTimeAsync(500);
  last().ends();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await why).toBe(reason);
});
