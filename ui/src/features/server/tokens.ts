// The tokens of programs. Not among actions.ts: they come with the page that shows them.

import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type { NewToken, Token, TokenID, Tokens } from '../../net/types';
import type { Result } from '../../result';

export type { NewToken, Scope, Token } from '../../net/types';

/** The tokens that work, the newest first. */
export function listTokens(): Promise<Result<Token[]>> {
  return attempt(async () => (await api<Tokens>('GET', '/tokens')).tokens);
}

/** Makes a token, and its program when it is new. Its `token` is shown only now. `expires_in` is in seconds. */
export function createToken(form: NewToken): Promise<Result<Token>> {
  return attempt(() => api<Token>('POST', '/tokens', form));
}

export function endToken(token: TokenID): Promise<Result> {
  return attempt(() => api<void>('DELETE', `/tokens/${token}`));
}
