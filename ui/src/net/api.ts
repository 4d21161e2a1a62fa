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

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const patience = 20_000;

/** Sends a request and returns the body, or undefined for 204. Throws ApiError and nothing else. */
export async function api<T>(method: Method, path: string, body?: unknown): Promise<T> {
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
    return answer as T;
  }
  if (isProblem(answer)) {
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
