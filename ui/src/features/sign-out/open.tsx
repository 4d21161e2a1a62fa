// Signing out, with a question when something would be lost. The question's code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import { leaveSession, unsent } from './actions';

const SignOut = lazy(() => import('./SignOut').then((it) => it.SignOut), { ahead: true });

/** Signs out. Asks first when messages that are not sent would be lost. */
export function signOut(): void {
  if (unsent()) {
    openDialog(<SignOut />);
  } else {
    void leaveSession();
  }
}
