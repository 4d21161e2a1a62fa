// The line under a message that the server refused: the reason, and buttons to retry, edit or delete it.
import { CircleAlert } from 'lucide';
import { focusComposer } from '../../kit/focus';
import { Icon } from '../../kit/Icon';
import { drafts } from '../../store/drafts';
import type { Pending } from '../../store/messages';
import { failureText } from '../words/failures';
import { discardMessage, retryMessage, setDraft } from './actions';
import css from './RefusedLine.module.css';
import { t } from './texts';

export function RefusedLine({ pending }: { pending: Pending }) {
  const d = t();
  const edit = () => {
    const draft = drafts.peek().get(pending.room);
    setDraft(pending.room, draft ? `${pending.body}\n${draft}` : pending.body);
    discardMessage(pending);
    focusComposer();
  };
  return (
    <div class={css.line}>
      <Icon of={CircleAlert} size={0.875} />
      <span>{d.notSentWhy(failureText({ code: pending.code ?? 'internal' }))}</span>
      <button type="button" class={css.act} onClick={() => retryMessage(pending)}>
        {d.retry}
      </button>
      <button type="button" class={css.act} onClick={edit}>
        {d.edit}
      </button>
      <button type="button" class={css.act} onClick={() => discardMessage(pending)}>
        {d.discard}
      </button>
    </div>
  );
}
