// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type {
  Invite,
  InviteCheck,
  InviteCode,
  Invites,
  NewInvite,
  Server,
  ServerChange,
  Users,
} from '../types';
import { search } from './query';

export const showServer = () => api<Server>('GET', '/server');

export const checkInvite = (body: InviteCode) => api<InviteCheck>('POST', '/invites/check', body);

export const listUsers = (query: { since?: number } = {}) => api<Users>('GET', `/users${search(query)}`);

export const changeServer = (body: ServerChange) => api<Server>('PATCH', '/server', body);

export const listInvites = (query: { before?: number } = {}) =>
  api<Invites>('GET', `/invites${search(query)}`);

export const createInvite = (body: NewInvite) => api<Invite>('POST', '/invites', body);

export const endInvite = (invite: number) => api<void>('DELETE', `/invites/${invite}`);
