// The button on a person's card that blocks them for the reader, after a question, or ends that.
import { Button } from '../../kit/Button';
import { toast } from '../../kit/toasts';
import type { UserID } from '../../net/types';
import { blocked } from '../../store/blocks';
import { nameOf } from '../../store/people';
import { failureText } from '../failures/failureText';
import { askBefore } from '../question/open';
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
    return <Button onClick={() => void unblock(person)}>{d.unblock}</Button>;
  }
  return (
    <Button
      onClick={() => {
        onAsk();
        askBefore({
          title: d.blockAsk(nameOf(person)),
          act: d.block,
          run: () => setBlocked(person, true),
          done: d.blockDone(nameOf(person)),
          children: <p>{d.blockText}</p>,
        });
      }}
    >
      {d.block}
    </Button>
  );
}

/** Ends a block, and says so. */
export async function unblock(person: UserID): Promise<void> {
  const result = await setBlocked(person, false);
  toast(result.ok ? t().unblockDone(nameOf(person)) : failureText(result.failure), {
    kind: result.ok ? 'info' : 'error',
  });
}
