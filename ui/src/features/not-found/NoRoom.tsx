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
import { Page } from '../page/Page';
import { askDiscard } from '../question/open';
import css from './NoRoom.module.css';
import { t } from './texts';

export function NoRoom({ room }: { room: RoomID }) {
  const d = t();
  const written = pendingOf(room).value?.length;
  const draft = draftOf(room).value;
  const copy = async () => {
    toast((await copyText(draft ?? '')) ? d.copied : d.copyFailed);
  };
  return (
    <Page title={d.noRoomTitle}>
      <EmptyState
        title={d.noRoomText}
        action={
          <a class={linkButton} href="/">
            {d.notFoundHome}
          </a>
        }
      />
      {written ? <RoomMessages key={room} room={room} title="" member={false} mayPost={false} /> : null}
      {draft && (
        <section class={css.draft} aria-label={d.noRoomDraft}>
          <h2 class={css.title}>{d.noRoomDraft}</h2>
          <p class={css.text}>{draft}</p>
          <div class={css.buttons}>
            <Button onClick={() => void copy()}>{d.copyText}</Button>
            <Button kind="quiet" onClick={() => askDiscard(() => setDraft(room, ''))}>
              {d.discard}
            </Button>
          </div>
        </section>
      )}
    </Page>
  );
}
