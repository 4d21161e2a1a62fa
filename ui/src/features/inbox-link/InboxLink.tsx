// The link to the notifications, above the rooms. It looks like a room.
import { Bell } from 'lucide';
import { CountBadge } from '../../kit/CountBadge';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import { pathOf, route } from '../../router';
import { inbox } from '../../store/inbox';
import row from '../rooms/RoomRow.module.css';
import css from './InboxLink.module.css';
import { t } from './texts';

export function InboxLink() {
  const d = t();
  const { unread } = inbox.value;
  const { name } = route.value;
  return (
    <a
      href={pathOf({ name: 'notifications' })}
      class={cls(row.row, css.link, unread > 0 && row.unread)}
      aria-current={name === 'notifications' ? 'page' : undefined}
    >
      <span class={css.icon}>
        <Icon of={Bell} />
      </span>
      <span class={row.name}>
        {d.notifications}
        {unread > 0 && <span class="hidden">{d.notificationsUnread(unread)}</span>}
      </span>
      <CountBadge of={unread} />
    </a>
  );
}
