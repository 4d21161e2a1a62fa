// Asks before signing out while something is written and not sent, because it would be lost.
import { Question } from '../question/Question';
import { drafted, leaveSession, unsent } from './actions';
import { t } from './texts';

export function SignOut() {
  const d = t();
  const leave = async () => {
    void leaveSession();
    return undefined;
  };
  return (
    <Question title={d.signOutAsk} act={d.signOut} run={leave}>
      {unsent() > 0 && <p>{d.signOutUnsent(unsent())}</p>}
      {drafted() > 0 && <p>{d.signOutDrafts(drafted())}</p>}
    </Question>
  );
}
