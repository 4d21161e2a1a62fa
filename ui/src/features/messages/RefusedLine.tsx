// The line under a message that the server refused: the reason, and buttons to retry, edit or delete it.
import { CircleAlert } from 'lucide';
import { focusComposer } from '../../kit/focus';
import { Icon } from '../../kit/Icon';
import { drafts } from '../../store/drafts';
import type { Pending } from '../../store/messages';
import { roomOf } from '../../store/rooms';
import { failureText } from '../failures/failureText';
import { askDiscard } from '../question/open';
import { discardMessage, retryMessage, setDraft } from './actions';
import css from './RefusedLine.module.css';
import { t } from './texts';

export function RefusedLine({ pending }: { pending: Pending }) {
  const d = t();
  // In a direct room the server refuses for nothing else.
  const apart = pending.code === 'forbidden' && roomOf(pending.room).value?.kind === 'direct';
  const edit = () => {
    const draft = drafts.peek().get(pending.room);
    setDraft(pending.room, draft ? `${pending.body}\n${draft}` : pending.body);
    discardMessage(pending);
    focusComposer();
  };
  return (
    <div class={css.line}>
      <Icon of={CircleAlert} size={0.875} />
      <span>{d.notSentWhy(apart ? d.apart : failureText({ code: pending.code ?? 'internal' }))}</span>
      <button type="button" class={css.act} onClick={() => retryMessage(pending)}>
        {d.retry}
      </button>
      <button type="button" class={css.act} onClick={edit}>
        {d.edit}
      </button>
      <button type="button" class={css.act} onClick={() => askDiscard(() => discardMessage(pending))}>
        {d.discard}
      </button>
    </div>
  );
}
