// What somebody was writing in a room in which they may no longer write. It can be copied.
import { Button } from '../../kit/Button';
import { copyText } from '../../kit/copy';
import { toast } from '../../kit/toasts';
import { draftOf } from '../../store/drafts';
import type { RoomID } from '../../store/rooms';
import { setDraft } from '../messages/actions';
import { askDiscard } from '../question/open';
import css from './Draft.module.css';
import { t } from './texts';

export function Draft({ room }: { room: RoomID }) {
  const d = t();
  const draft = draftOf(room).value;
  const copy = async () => {
    toast((await copyText(draft ?? '')) ? d.copied : d.copyFailed);
  };
  return draft ? (
    <section class={css.draft} aria-label={d.draftKept}>
      <h2 class={css.title}>{d.draftKept}</h2>
      <p class={css.text}>{draft}</p>
      <div class={css.buttons}>
        <Button onClick={() => void copy()}>{d.copyText}</Button>
        <Button kind="quiet" onClick={() => askDiscard(() => setDraft(room, ''))}>
          {d.discard}
        </Button>
      </div>
    </section>
  ) : null;
}
