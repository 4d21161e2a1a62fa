// Starting, signing in and out.

import { openDialog } from '../../actions_ui';
import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type { InviteCheck, PasswordChange, Registering, Setup, SignedIn } from '../../net/types';
import type { Result } from '../../result';
import { pending } from '../../store/messages';
import { leaveSession, startSession } from '../../sync/session';

/** Called once by main.tsx: `await start()` before the first render. */
export { start } from '../../start';
/** Tries to reach the server now, without waiting for the back-off. */
export { reconnectNow } from '../../sync/live';
/** Signs out here and in the other tabs, clears what this browser keeps, and tells the server when it can. */
export { leaveSession } from '../../sync/session';

/** Signs in and goes online; the router is left alone. */
export function signIn(name: string, password: string): Promise<Result> {
  return attempt(async () => {
    const { user } = await api<SignedIn>('POST', '/login', { name, password });
    await startSession(user);
  });
}

/** Makes the first user, who owns the server. */
export function setUp(form: Setup): Promise<Result> {
  return attempt(async () => {
    const { user } = await api<SignedIn>('POST', '/setup', form);
    await startSession(user);
  });
}

/** Makes an account: with an invite's code, or without when the server is open. */
export function register(form: Registering): Promise<Result> {
  return attempt(async () => {
    const { user } = await api<SignedIn>('POST', '/register', form);
    await startSession(user);
  });
}

/** Who invites, for the page of an invite link; `not_found` when it works no more. */
export function checkInvite(code: string): Promise<Result<InviteCheck>> {
  return attempt(() => api<InviteCheck>('POST', '/invites/check', { code }));
}

/** Signs out; asks before that when what was written and is not sent would be lost. */
export function signOut(): void {
  if (unsent()) {
    openDialog('sign-out');
  } else {
    void leaveSession();
  }
}

/** How many messages of one's own are not known to be stored. */
export function unsent(): number {
  return [...pending.value.values()].flat().filter((one) => one.state !== 'sent').length;
}

/** Sets another password; every other session of the person ends. */
export function changePassword(form: PasswordChange): Promise<Result> {
  return attempt(() => api<void>('POST', '/me/password', form));
}
