// Signing out, with a question when something would be lost. The question's code is fetched ahead.
import { ask } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import { leaveSession, unsent } from './actions';

const SignOut = lazyDialog(() => import('./SignOut').then((it) => it.SignOut));

/** Signs out. Asks first when messages that are not sent would be lost. */
export function signOut(): void {
  if (unsent()) {
    ask(<SignOut />);
  } else {
    void leaveSession();
  }
}
