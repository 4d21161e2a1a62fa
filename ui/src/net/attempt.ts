// Turns the outcome of a request into a Result.

import { ApiError } from './api';
import type { Result } from './result';

export async function attempt<T>(act: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    const { field, limit, retry_after: retryAfter } = error.problem ?? {};
    return {
      ok: false,
      failure: {
        code: error.code,
        ...(field === undefined ? {} : { field }),
        ...(limit === undefined ? {} : { limit }),
        ...(retryAfter === undefined ? {} : { retryAfter }),
      },
    };
  }
}
