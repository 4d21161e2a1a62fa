// The WebSocket: frames, requests and replies, pings, reconnecting. Knows no rooms and no store.
import { ApiError, inTime } from './api';
import type { Error as Problem, Requests, ServerEvents, User } from './types';

export type ServerEvent = {
  [K in keyof ServerEvents]: { event: K; data: ServerEvents[K] };
}[keyof ServerEvents];

export type SocketState = 'connecting' | 'online' | 'reconnecting' | 'stopped';

/** How to come back after a close. ask: first ask GET /api/me whether the session still holds. */
type Comeback = 'at-once' | 'back-off' | 'later' | 'ask' | 'never';

export function comeback(code: number): Comeback {
  switch (code) {
    case 1001:
    case 1012:
    case 4008:
      return 'at-once';
    case 1013:
    case 4009:
      return 'later';
    case 4001:
      return 'ask';
    case 1007:
    case 1008:
    case 1009:
    case 4003:
      return 'never';
    default:
      return 'back-off';
  }
}

const first = 500;
const longest = 30_000;

/** Milliseconds to wait before an attempt: 0.5 s doubling to 30 s, full jitter. `random` is in [0, 1). */
export function backoff(attempt: number, random: number): number {
  return random * Math.min(longest, first * 2 ** Math.min(attempt, 10));
}

/** The wait after a close. */
export function waitAfter(why: Comeback, attempt: number, random: number): number {
  if (why === 'later') {
    return 5_000 + random * 25_000;
  }
  // When a server restarts, all its clients come back at once. The first attempt is spread over half a
  // second.
  return why === 'at-once' && attempt === 0 ? random * first : backoff(attempt, random);
}

/** Asks for deltas: a reaction then comes as what changed, without the message. */
export const deltas = 'reactions';

const pingEvery = 25_000;
const pongWithin = 10_000;
/** How long a request may wait, and nothing else come, before it is asked whether the connection still works. */
const doubtAfter = 3_000;
const doubtEnds = 6_000;
const offlineWithin = 1_500;
const openWithin = 10_000;
const hurryEvery = 1_000;
const stuckAfter = 4_000;
const hiddenLong = 60_000;

interface Listener {
  event(event: ServerEvent): void;
  /** `banned` goes with stopped. */
  state(state: SocketState, code: number): void;
  /** The session may have ended (4001). The socket stays away until `connect`. */
  ask(): void;
}

interface Waiting {
  done(reply: unknown): void;
  fail(error: ApiError): void;
}

export class Socket {
  #ws: WebSocket | undefined;
  #state: SocketState = 'stopped';
  #attempt = 0;
  #lastID = 0;
  #waiting = new Map<string, Waiting>();
  #timer = 0;
  #pinger = 0;
  #doubter = 0;
  #heardAt = 0;
  #hiddenAt = 0;
  #triedAt = 0;
  /** A wait that the server asked for is not cut short. */
  #asked = false;
  /** Something asked for haste while a try was under way: the next one follows soon. */
  #hurried = false;
  /** How often in a row the connection did not open, or broke without a word. */
  failures = 0;

  constructor(
    private readonly listener: Listener,
    private readonly url = () => `${location.origin.replace(/^http/, 'ws')}/ws?changes=${deltas}`,
  ) {}

  get online(): boolean {
    return this.#state === 'online';
  }

  /** Connects, and reconnects until `stop`. */
  start(): void {
    addEventListener('online', this.#wake);
    addEventListener('offline', this.#cut);
    document.addEventListener('visibilitychange', this.#seen);
    this.#attempt = this.failures = 0;
    this.#become('connecting');
    this.connect();
  }

  stop(): void {
    removeEventListener('online', this.#wake);
    removeEventListener('offline', this.#cut);
    document.removeEventListener('visibilitychange', this.#seen);
    this.#drop();
    this.#become('stopped');
  }

  /** Connects now, without waiting for the back-off. */
  connect(): void {
    this.#drop();
    const ws = new WebSocket(this.url(), 'parley.v1');
    this.#ws = ws;
    this.#triedAt = Date.now();
    this.#hurried = false;
    this.#timer = window.setTimeout(() => this.#closed(1006), openWithin);
    ws.onmessage = (frame) => {
      if (ws === this.#ws) {
        this.#read(String(frame.data));
      }
    };
    ws.onclose = (close) => {
      if (ws === this.#ws) {
        this.#closed(close.code);
      }
    };
  }

  /**
   * Sends a request and returns its reply. Rejects with ApiError; `offline` means that the outcome is
   * unknown. Waits while the server says that requests come too fast, unless messages keep their order: then
   * the server closes the socket, and the outbox sends again.
   */
  request<K extends keyof Requests>(event: K, data: Requests[K]['data']): Promise<Requests[K]['reply']> {
    const ask = () => this.#ask(event, data);
    return event === 'message.send' ? ask() : inTime(ask);
  }

  #ask<K extends keyof Requests>(event: K, data: Requests[K]['data']): Promise<Requests[K]['reply']> {
    return new Promise((done, fail) => {
      const id = String(++this.#lastID);
      if (!this.#put({ event, id, data })) {
        fail(new ApiError('offline'));
        return;
      }
      this.#waiting.set(id, { done: (reply) => done(reply as Requests[K]['reply']), fail });
      this.#doubter ||= window.setTimeout(this.#doubt, doubtAfter);
    });
  }

  // A line that died tells nobody, and what somebody sent would wait for the next ping.
  #doubt = (): void => {
    this.#doubter = 0;
    const silent = Date.now() - this.#heardAt;
    if (!this.online || !this.#waiting.size) {
      return;
    }
    if (silent < doubtAfter) {
      this.#doubter = window.setTimeout(this.#doubt, doubtAfter - silent);
    } else {
      this.#doubter = window.setTimeout(this.#doubt, doubtEnds);
      this.#check(doubtEnds);
    }
  };

  /** Sends a request that needs no reply. It is lost while the socket is away, and brings it back. */
  tell<K extends keyof Requests>(event: K, data: Requests[K]['data']): void {
    if (this.online) {
      this.#put({ event, data });
    } else {
      this.hurry();
    }
  }

  /**
   * Connects now rather than after the back-off, for something shows that the server can be reached or that the
   * person needs it. Tries at most once a second, and not before the end of a wait that the server asked for.
   */
  hurry(): void {
    if (this.#state !== 'reconnecting' || this.#asked) {
      return;
    }
    const ago = Date.now() - this.#triedAt;
    if (ago >= (this.#ws ? stuckAfter : hurryEvery)) {
      this.connect();
    } else if (!this.#ws) {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.connect(), hurryEvery - ago);
    } else {
      this.#hurried = true;
    }
  }

  #put(frame: object): boolean {
    if (this.#ws?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  #read(frame: string): void {
    this.#heardAt = Date.now();
    for (const line of frame.split('\n')) {
      if (line) {
        this.#take(JSON.parse(line) as { event: string; id?: string; data: unknown });
      }
    }
  }

  #take(frame: { event: string; id?: string; data: unknown }): void {
    if (frame.event === 'reply' || frame.event === 'error') {
      const waiting = this.#waiting.get(frame.id ?? '');
      this.#waiting.delete(frame.id ?? '');
      if (frame.event === 'reply') {
        waiting?.done(frame.data);
      } else {
        const problem = frame.data as Problem;
        waiting?.fail(new ApiError(problem.code, problem));
      }
      return;
    }
    if (frame.event === 'welcome') {
      this.#attempt = this.failures = 0;
      clearTimeout(this.#timer);
      clearInterval(this.#pinger);
      this.#pinger = window.setInterval(() => this.#check(), pingEvery);
      this.listener.event(frame as ServerEvent);
      this.#become('online');
      return;
    }
    this.listener.event(frame as ServerEvent);
  }

  // A page cannot see the server's pings, so it sends its own to find out whether the connection still works.
  #check = (within = pongWithin): void => {
    const ws = this.#ws;
    if (!this.online || !ws) {
      return;
    }
    const asked = Date.now();
    const deadline = setTimeout(() => {
      // On a slow line other frames may stand before the answer.
      if (ws === this.#ws && this.#heardAt <= asked) {
        this.#closed(1006);
      }
    }, within);
    this.request('ping', {}).then(
      () => clearTimeout(deadline),
      () => clearTimeout(deadline),
    );
  };

  // The machine has no network. A server on the same machine still answers, so ask instead of hanging up.
  #cut = (): void => this.#check(offlineWithin);

  #wake = (): void => {
    if (this.#state === 'reconnecting') {
      this.connect();
    } else {
      this.#check();
    }
  };

  #seen = (): void => {
    if (document.hidden) {
      this.#hiddenAt = Date.now();
    } else if (this.#state === 'reconnecting' || Date.now() - this.#hiddenAt > hiddenLong) {
      this.#wake();
    }
  };

  #closed(code: number): void {
    this.#drop();
    const why = comeback(code);
    this.#asked = why === 'later' || why === 'ask';
    this.failures += +(code === 1006);
    if (why === 'never') {
      this.#become('stopped', code);
    } else if (why === 'ask') {
      this.#become('reconnecting', code);
      this.listener.ask();
    } else {
      const wait = waitAfter(why, this.#attempt++, Math.random());
      const most = this.#hurried && !this.#asked ? hurryEvery : wait;
      this.#timer = window.setTimeout(() => this.connect(), Math.min(wait, most));
      this.#become('reconnecting', code);
    }
  }

  #drop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#doubter);
    this.#doubter = 0;
    clearInterval(this.#pinger);
    const ws = this.#ws;
    this.#ws = undefined;
    ws?.close();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) {
      one.fail(new ApiError('offline'));
    }
  }

  #become(state: SocketState, code = 0): void {
    // Tell a state only when it changes.
    if (state !== this.#state) {
      this.#state = state;
      this.listener.state(state, code);
    }
  }
}

// On a slow line somebody who is signed in must not be asked to sign in. The sign-in page does not wait for this.
const welcomeWithin = 5_000;

/**
 * Who the cookie signs in, if anyone. Asks over a socket, because an HTTP 401 shows as an error in the
 * console.
 */
export function probe(url = location.origin.replace(/^http/, 'ws') + '/ws'): Promise<User | undefined> {
  return new Promise((done) => {
    const ws = new WebSocket(url, 'parley.v1');
    const end = (user?: User) => {
      clearTimeout(timer);
      ws.onclose = null;
      ws.onmessage = null;
      ws.close();
      done(user);
    };
    const timer = setTimeout(() => end(), welcomeWithin);
    ws.onclose = () => end();
    ws.onmessage = (frame) => {
      const first = JSON.parse(String(frame.data).split('\n')[0] ?? '') as ServerEvent;
      end(first.event === 'welcome' ? first.data.user : undefined);
    };
  });
}
