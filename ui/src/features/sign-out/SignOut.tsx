// Asks before signing out while messages are not sent, because they would be lost.
import { Question } from '../question/Question';
import { leaveSession, unsent } from './actions';
import { t } from './texts';

export function SignOut() {
  const d = t();
  const leave = async () => {
    void leaveSession();
    return undefined;
  };
  return (
    <Question title={d.signOutAsk} act={d.signOut} run={leave}>
      <p>{d.signOutUnsent(unsent())}</p>
    </Question>
  );
}
