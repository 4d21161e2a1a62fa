// The left column: the server's menu, the switcher's button, the rooms, and the signed-in person.
import {
  ChevronDown,
  Keyboard,
  LogOut,
  Search,
  Settings,
  SlidersHorizontal,
  SquarePen,
  UserPlus,
} from 'lucide';
import { Avatar } from '../../kit/Avatar';
import { IconButton } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import { shortcut } from '../../kit/Kbd';
import { Menu, type MenuItem } from '../../kit/Menu';
import { isTouch } from '../../kit/touch';
import { go } from '../../router';
import { displayNameOf, nameOf } from '../../store/people';
import { onlineCount } from '../../store/presence';
import { isAdmin, me, server } from '../../store/session';
import { awayText, Retry } from '../away/away';
import { openNewDirect } from '../direct/open';
import { InboxLink } from '../inbox-link/InboxLink';
import { openInvite } from '../invites/open';
import { RoomList } from '../rooms/RoomList';
import { openShortcuts } from '../shortcuts/open';
import { signOut } from '../sign-out/open';
import { openSwitcher } from '../switcher/open';
import css from './Sidebar.module.css';
import { t } from './texts';

export function Sidebar() {
  const d = t();
  const name = server.value?.name || 'Parley';
  return (
    <nav class={css.sidebar} aria-label={d.regionRooms} data-region="rooms">
      <header class={css.head}>
        <Menu label={d.menuOf(name)} items={menuItems()} class={css.server}>
          <bdi class={css.serverName}>{name}</bdi>
          <Icon of={ChevronDown} size={1} />
        </Menu>
        <IconButton icon={SquarePen} label={d.directTitle} onClick={openNewDirect} />
      </header>
      <button type="button" class={css.jump} onClick={openSwitcher} aria-keyshortcuts="Control+K">
        <Icon of={Search} size={1} />
        <span class={css.jumpText}>{d.jumpTo}</span>
        <kbd class={css.key}>{shortcut('K')}</kbd>
      </button>
      <InboxLink />
      <RoomList />
      <Self />
    </nav>
  );
}

function menuItems(): MenuItem[] {
  const d = t();
  return [
    ...(isAdmin.value
      ? [
          { label: d.inviteTitle, icon: UserPlus, run: openInvite },
          {
            label: d.serverSettings,
            icon: SlidersHorizontal,
            run: () => go({ name: 'server', section: '' }),
          },
        ]
      : []),
    { label: d.settings, icon: Settings, run: () => go({ name: 'settings', section: '' }) },
    ...(isTouch() ? [] : [{ label: d.shortcuts, icon: Keyboard, run: openShortcuts }]),
    { label: d.signOut, icon: LogOut, run: signOut },
  ];
}

function Self() {
  const d = t();
  const user = me.value;
  if (!user) {
    return null;
  }
  const name = nameOf(user.id);
  const lost = awayText(true);
  return (
    <footer class={css.self}>
      <Avatar id={user.id} name={displayNameOf(user.id)} />
      <span class={css.who}>
        <bdi class={css.name}>{name}</bdi>
        <span class={cls(css.online, lost && css.lost)}>
          {lost ?? d.online(Math.max(1, onlineCount.value))}
        </span>
      </span>
      <Retry />
      <IconButton icon={Settings} label={d.settings} onClick={() => go({ name: 'settings', section: '' })} />
    </footer>
  );
}
