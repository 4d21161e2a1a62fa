// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber } from '../../i18n/format';

export const en = {
  loading: 'Loading…',
  reconnecting: 'Reconnecting…',
  offlineNow: 'You are offline. What you write is sent when you are back.',
  retryNow: 'Retry now',
  connectionLost: 'Connection lost. Reconnecting.',
  connectionStopped: 'The server ended the connection. Reload the page to try again.',
  regionRooms: 'Rooms',
  online: (n: number) => `${formatNumber(n)} online`,
  menuOf: (server: string) => `${server}: menu`,
  serverSettings: 'Server settings',
  jumpTo: 'Jump to…',
  welcomeTitle: (name: string) => `Welcome, ${name}`,
  welcomeText: 'Pick a room to read on.',
  welcomeEmptyText: 'You are not in a room yet.',
  notFoundTitle: 'There is nothing here',
  notFoundText: 'The address may be mistyped, or the page is gone.',
  notFoundHome: 'To the rooms',
  reload: 'Reload',
  newVersion: 'A new version is ready.',
};
