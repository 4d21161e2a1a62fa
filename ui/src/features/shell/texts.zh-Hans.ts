// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  regionRooms: '房间',
  online: (n) => `${formatNumber(n)} 人在线`,
  menuOf: (server) => `${server} 的菜单`,
  serverSettings: '服务器设置',
  jumpTo: '跳转到…',
  filesSoon: '目前还不能发送文件，以后的版本会支持。',
  newVersion: '新版本已就绪。',
};
