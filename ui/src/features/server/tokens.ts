// The tokens of programs.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/tokens';
import type { Result } from '../../net/result';
import type { NewToken, Token, TokenID } from '../../net/types';
import { whole } from '../../net/whole';

export type { NewToken, Scope, Token } from '../../net/types';

/** The tokens that work, the newest first. */
export function listTokens(): Promise<Result<Token[]>> {
  return attempt(() =>
    whole(async (last) => {
      const { tokens, more } = await calls.listTokens(last ? { before: last.id } : {});
      return { list: tokens, more };
    }),
  );
}

/**
 * Makes a token, and the program when it is new. The answer is the only one with the `token`. `expires_in` is
 * in seconds.
 */
export function createToken(form: NewToken): Promise<Result<Token>> {
  return attempt(() => calls.createToken(form));
}

export function endToken(token: TokenID): Promise<Result> {
  return attempt(() => calls.endToken(token));
}
