// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { Login, PasswordChange, ProfileChange, Registering, Setup, SignedIn, User } from '../types';

export const setUp = (body: Setup) => api<SignedIn>('POST', '/setup', body);

export const register = (body: Registering) => api<SignedIn>('POST', '/register', body);

export const login = (body: Login) => api<SignedIn>('POST', '/login', body);

export const logout = () => api<void>('POST', '/logout');

export const showMe = () => api<SignedIn>('GET', '/me');

export const changeProfile = (body: ProfileChange) => api<User>('PATCH', '/me', body);

export const changePassword = (body: PasswordChange) => api<void>('POST', '/me/password', body);
