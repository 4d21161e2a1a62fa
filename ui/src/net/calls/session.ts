// The HTTP routes of sessions and new accounts: one function per route, named like the server's handler.
import { api } from '../api';
import type { InviteCheck, Login, Registering, Server, Setup, SignedIn } from '../types';

export const showServer = () => api<Server>('GET', '/server');

export const setUp = (form: Setup) => api<SignedIn>('POST', '/setup', form);

export const register = (form: Registering) => api<SignedIn>('POST', '/register', form);

export const login = (form: Login) => api<SignedIn>('POST', '/login', form);

export const logout = () => api<void>('POST', '/logout');

export const checkInvite = (code: string) => api<InviteCheck>('POST', '/invites/check', { code });
