// Stands in for the network in unit tests: what fetch is asked, and what it answers.
import { vi } from 'vitest';

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

/** Answers by itself; undefined leaves the request open until the test answers it. */
type Auto = (asked: Asked) => unknown;

/** Takes the place of fetch. The list grows with each request. */
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

/** Lets promises that are done have their say. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
  await new Promise((done) => setImmediate(done));
}
