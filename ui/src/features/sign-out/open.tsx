// Signing out, with a question when something would be lost. The question's code is fetched ahead.
import { ask } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import { drafted, leaveSession, unsent } from './actions';

const SignOut = lazyDialog(() => import('./SignOut').then((it) => it.SignOut));

/** Signs out. Asks first when something that was written and not sent would be lost. */
export function signOut(): void {
  if (unsent() || drafted()) {
    ask(<SignOut />);
  } else {
    void leaveSession();
  }
}
