// The outcome of an action that a form or dialog waits for. Text for a failure: failureText in i18n/.
import type { Code } from './types';

export interface Failure {
  /** `offline`: the server was not reached, or nothing is known about the outcome. */
  code: Code | 'offline';
  field?: string;
  limit?: number;
  /** Milliseconds. */
  retryAfter?: number;
}

export type Result<T = void> = { ok: true; value: T } | { ok: false; failure: Failure };
