// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type {
  Account,
  Deactivation,
  Reset,
  ResetCheck,
  ResetCode,
  ResetPassword,
  RoleChange,
  SignedIn,
  User,
} from '../types';

export const showAccount = (user: number) => api<Account>('GET', `/users/${user}`);

export const changeUser = (user: number, body: RoleChange) => api<User>('PATCH', `/users/${user}`, body);

export const deactivateUser = (user: number, body: Deactivation) =>
  api<User>('POST', `/users/${user}/deactivate`, body);

export const reactivateUser = (user: number) => api<User>('POST', `/users/${user}/reactivate`);

export const endSessions = (user: number) => api<void>('DELETE', `/users/${user}/sessions`);

export const createReset = (user: number) => api<Reset>('POST', `/users/${user}/reset`);

export const checkReset = (body: ResetCode) => api<ResetCheck>('POST', '/reset/check', body);

export const choosePassword = (body: ResetPassword) => api<SignedIn>('POST', '/reset', body);
