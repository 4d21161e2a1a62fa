// HTTP requests: JSON in and out, problem+json as typed errors. The routes are in calls/.
import type { Code, Error as Problem } from './types';

/** The server refused a request, or `offline`: no answer came, and the outcome is unknown. */
export class ApiError extends Error {
  constructor(
    readonly code: Code | 'offline',
    readonly problem?: Problem,
  ) {
    super(problem?.message ?? code);
  }
}

/** A refusal for now: nothing was done, and the same request may be made again later. */
const isForNow = (code: string) => code === 'rate_limited' || code === 'busy';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const patience = 20_000;

let answered: () => void = () => undefined;

/** Registers the function that runs after each answer of the server, also after a refusal. */
export function onAnswered(act: () => void): void {
  answered = act;
}

/**
 * Asks, and again for as long as the server refuses the request for coming too fast or being busy and says
 * when to come back: it has done nothing. Gives up with the refusal when that takes too long.
 */
export async function inTime<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + patience;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const wait = error instanceof ApiError && isForNow(error.code) && error.problem?.retry_after;
      if (!wait || Date.now() + wait > until) {
        throw error;
      }
      await new Promise((go) => setTimeout(go, wait));
    }
  }
}

/**
 * Sends a request and returns the body, or undefined for 204. Throws ApiError and nothing else. Waits while
 * the server says that requests come too fast, but not with a message: the outbox waits with all of them.
 */
export function api<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const ask = () => once<T>(method, path, body);
  return method === 'POST' && path.endsWith('/messages') ? ask() : inTime(ask);
}

async function once<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { Accept: 'application/json' }, signal: deadline(patience) };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'Content-Type': 'application/json' };
  }
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`/api${path}`, init);
    answer = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  } catch {
    throw new ApiError('offline');
  }
  if (response.ok) {
    answered();
    return answer as T;
  }
  if (isProblem(answer)) {
    answered();
    throw new ApiError(answer.code, answer);
  }
  // A proxy in front of the server answered, so the outcome is unknown.
  throw new ApiError('offline');
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && typeof (answer as Problem).code === 'string';
}

function deadline(ms: number): AbortSignal {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), ms);
  return abort.signal;
}
