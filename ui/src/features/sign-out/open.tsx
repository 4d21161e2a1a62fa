// The way out. The code of the question is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import { leaveSession, unsent } from './actions';

const SignOut = lazy(() => import('./SignOut').then((it) => it.SignOut), { ahead: true });

/** Signs out; asks before that when what was written and is not sent would be lost. */
export function signOut(): void {
  if (unsent()) {
    openDialog(<SignOut />);
  } else {
    void leaveSession();
  }
}
