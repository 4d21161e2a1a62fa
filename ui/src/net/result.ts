// The outcome of an action that a form or dialog waits for. failureText in features/words has the texts.
import type { Code } from './types';

export interface Failure {
  /** `offline`: the server was not reached, or the outcome is unknown. */
  code: Code | 'offline';
  field?: string;
  limit?: number;
  /** Milliseconds. */
  retryAfter?: number;
}

export type Result<T = void> = { ok: true; value: T } | { ok: false; failure: Failure };
