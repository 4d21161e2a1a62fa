// Signing out.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import { pending } from '../../store/messages';
import { leaveSession } from '../../sync/session';

/** Signs out here and in the other tabs, clears what this browser keeps, and tells the server when it can. */
export { leaveSession } from '../../sync/session';

const SignOut = lazy(() => import('./SignOut').then((it) => it.SignOut), { ahead: true });

/** Signs out; asks before that when what was written and is not sent would be lost. */
export function signOut(): void {
  if (unsent()) {
    openDialog(<SignOut />);
  } else {
    void leaveSession();
  }
}

/** How many messages of one's own are not known to be stored. */
export function unsent(): number {
  return [...pending.value.values()].flat().filter((one) => one.state !== 'sent').length;
}
