// The HTTP routes of settings, invites and tokens: one function per route, named like the server's handler.
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

/** Only this answer contains `code` and `url`. `expires_in` is in seconds. */
export const createInvite = (form: NewInvite) => api<Invite>('POST', '/invites', form);

export const endInvite = (invite: InviteID) => api<void>('DELETE', `/invites/${invite}`);

/** The tokens that work, the newest first. */
export const listTokens = () => api<Tokens>('GET', '/tokens');

/** Makes the program too when it is new. Only this answer contains `token`. `expires_in` is in seconds. */
export const createToken = (form: NewToken) => api<Token>('POST', '/tokens', form);

export const endToken = (token: TokenID) => api<void>('DELETE', `/tokens/${token}`);
