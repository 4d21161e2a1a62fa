// Shown for a room that does not exist or that the reader was removed from. A draft for it can still be
// copied.

import { linkButton } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import { pendingOf } from '../../store/messages';
import type { RoomID } from '../../store/rooms';
import { RoomMessages } from '../messages/RoomMessages';
import { Draft } from '../no-composer/Draft';
import { Page } from '../page/Page';
import { t } from './texts';

export function NoRoom({ room }: { room: RoomID }) {
  const d = t();
  const written = pendingOf(room).value?.length;
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
      <Draft room={room} />
    </Page>
  );
}
