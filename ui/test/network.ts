// Replaces the network in unit tests: records requests, and answers them.
import { vi } from 'vitest';
import { socket } from '../src/sync/socket';

export interface Asked {
  method: string;
  /** Without /api. */
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it sent.
  body: any;
  /** Answers with a status and a body. */
  answers: (body: unknown, status?: number) => void;
  /** No answer comes. */
  fails: () => void;
}

/** Answers a request at once. Undefined leaves it open until the test answers. */
type Auto = (asked: Asked) => unknown;

/** Replaces fetch. Returns the list of requests, which grows with each one. */
export function network(auto: Auto = () => undefined): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    return new Promise((done, failed) => {
      const one: Asked = {
        method: init.method ?? 'GET',
        path: url.replace('/api', ''),
        body: init.body ? JSON.parse(String(init.body)) : undefined,
        answers: (body, status = 200) => done(new Response(JSON.stringify(body), { status })),
        fails: () => failed(new TypeError('no network')),
      };
      all.push(one);
      const answer = auto(one);
      if (answer !== undefined) {
        one.answers(answer);
      }
    });
  });
  return all;
}

/** Tells everyone who registered for it that the connection is there. */
export function comesOnline(): void {
  const { listener } = socket as unknown as { listener: { state: (state: string, code: number) => void } };
  listener.state('online', 0);
}

/** Waits until all promises that are resolved have run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
  await new Promise((done) => setImmediate(done));
}
