// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber } from '../../i18n/format';

export const en = {
  regionRooms: 'Rooms',
  online: (n: number) => `${formatNumber(n)} online`,
  menuOf: (server: string) => `${server}: menu`,
  serverSettings: 'Server settings',
  jumpTo: 'Jump to…',
  filesSoon: 'Files cannot be sent yet. That comes in a later version.',
  newVersion: 'A new version is ready.',
};
