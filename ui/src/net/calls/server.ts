// The HTTP routes of the server's settings, invites and tokens, one function a route, named as the server's handler.
import { api } from '../api';
import type {
  Invite,
  InviteID,
  Invites,
  NewInvite,
  NewToken,
  Server,
  ServerChange,
  Token,
  TokenID,
  Tokens,
} from '../types';

export const changeServer = (change: ServerChange) => api<Server>('PATCH', '/server', change);

/** The invites that still work. */
export const listInvites = () => api<Invites>('GET', '/invites');

/** The answer's `code` and `url` are told only once. `expires_in` is in seconds. */
export const createInvite = (form: NewInvite) => api<Invite>('POST', '/invites', form);

export const endInvite = (invite: InviteID) => api<void>('DELETE', `/invites/${invite}`);

/** The tokens that work, the newest first. */
export const listTokens = () => api<Tokens>('GET', '/tokens');

/** Makes the program too when it is new. The answer's `token` is told only once. `expires_in` is in seconds. */
export const createToken = (form: NewToken) => api<Token>('POST', '/tokens', form);

export const endToken = (token: TokenID) => api<void>('DELETE', `/tokens/${token}`);
