// The button on a person's card that blocks them for the reader, after a question, or ends that.
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { ask, closeQuestion } from '../../kit/dialogs';
import { toast } from '../../kit/toasts';
import type { UserID } from '../../net/types';
import { blocked } from '../../store/blocks';
import { nameOf } from '../../store/people';
import { failureText } from '../words/failures';
import { setBlocked } from './actions';
import { t } from './texts';

interface Props {
  person: UserID;
  /** Before the question is asked: what holds the button closes. */
  onAsk: () => void;
}

export function BlockButton({ person, onAsk }: Props) {
  const d = t();
  if (blocked.value.has(person)) {
    return <Button onClick={() => void change(person, false)}>{d.unblock}</Button>;
  }
  return (
    <Button
      onClick={() => {
        onAsk();
        ask(<Ask person={person} />);
      }}
    >
      {d.block}
    </Button>
  );
}

/** Blocks somebody or ends that, and says so. */
export async function change(person: UserID, is: boolean): Promise<void> {
  const d = t();
  const result = await setBlocked(person, is);
  const done = (is ? d.blockDone : d.unblockDone)(nameOf(person));
  toast(result.ok ? done : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
}

function Ask({ person }: { person: UserID }) {
  const d = t();
  return (
    <Dialog
      title={d.blockAsk(nameOf(person))}
      onClose={closeQuestion}
      actions={
        <>
          <Button onClick={closeQuestion}>{d.cancel}</Button>
          <Button
            kind="danger"
            onClick={() => {
              closeQuestion();
              void change(person, true);
            }}
          >
            {d.block}
          </Button>
        </>
      }
    >
      <p>{d.blockText}</p>
    </Dialog>
  );
}
