// Shown for a room that does not exist or that the reader was removed from. A draft for it can still be
// copied.

import { Button, linkButton } from '../../kit/Button';
import { copyText } from '../../kit/copy';
import { EmptyState } from '../../kit/EmptyState';
import { toast } from '../../kit/toasts';
import { draftOf } from '../../store/drafts';
import { pendingOf } from '../../store/messages';
import type { RoomID } from '../../store/rooms';
import { setDraft } from '../messages/actions';
import { RoomMessages } from '../messages/RoomMessages';
import css from './Missing.module.css';
import { t } from './texts';

export function Missing({ room }: { room: RoomID }) {
  const d = t();
  const written = pendingOf(room).value?.length;
  const draft = draftOf(room).value;
  const copy = async () => {
    toast((await copyText(draft ?? '')) ? d.copied : d.copyFailed);
  };
  return (
    <div class={css.missing}>
      <EmptyState
        title={d.roomMissing}
        action={
          <a class={linkButton} href="/">
            {d.roomToList}
          </a>
        }
      />
      {written ? <RoomMessages key={room} room={room} title="" member={false} mayPost={false} /> : null}
      {draft && (
        <section class={css.draft} aria-label={d.roomDraft}>
          <h2 class={css.title}>{d.roomDraft}</h2>
          <p class={css.text}>{draft}</p>
          <div class={css.buttons}>
            <Button onClick={() => void copy()}>{d.copyText}</Button>
            <Button kind="quiet" onClick={() => setDraft(room, '')}>
              {d.discard}
            </Button>
          </div>
        </section>
      )}
    </div>
  );
}
