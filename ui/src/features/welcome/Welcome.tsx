// Shown beside the room list while no room is open.
import { MessagesSquare } from 'lucide';
import { Button } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import { nameOf } from '../../store/people';
import { rooms, roomsLoaded } from '../../store/rooms';
import { me, server } from '../../store/session';
import { useTitle } from '../../title';
import { openBrowse } from '../room-dialogs/open';
import { openSwitcher } from '../switcher/open';
import { t } from './texts';

export function Welcome() {
  const d = t();
  useTitle(server.value?.name ?? '');
  const none = rooms.value.size === 0;
  const title = d.welcomeTitle(me.value ? nameOf(me.value.id) : '');
  return (
    <>
      <h1 class="hidden" tabIndex={-1}>
        {title}
      </h1>
      {roomsLoaded.value && (
        <EmptyState
          icon={MessagesSquare}
          title={title}
          text={none ? d.welcomeEmptyText : d.welcomeText}
          action={
            <Button kind="primary" onClick={() => (none ? openBrowse() : openSwitcher())}>
              {none ? d.listBrowse : d.jumpToShort}
            </Button>
          }
        />
      )}
    </>
  );
}
