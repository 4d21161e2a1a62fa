// The HTTP routes of people: one function per route, named like the server's handler.
import { api } from '../api';
import type { PasswordChange, ProfileChange, Role, SignedIn, User, UserID, Users } from '../types';

export const showMe = () => api<SignedIn>('GET', '/me');

export const changeProfile = (change: ProfileChange) => api<User>('PATCH', '/me', change);

/** Every other session of the person ends. */
export const changePassword = (change: PasswordChange) => api<void>('POST', '/me/password', change);

/** Everyone, or those who changed since a directory number. */
export const listUsers = (since: number) => api<Users>('GET', since ? `/users?since=${since}` : '/users');

export const changeUser = (person: UserID, role: Role) => api<User>('PATCH', `/users/${person}`, { role });
