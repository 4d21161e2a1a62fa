// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  loading: '正在加载…',
  reconnecting: '正在重新连接…',
  offlineNow: '你已离线。恢复连接后会自动发送你写的内容。',
  retryNow: '立即重试',
  connectionLost: '连接已断开，正在重新连接。',
  connectionStopped: '服务器已断开连接。请重新加载页面再试。',
  regionRooms: '房间',
  online: (n) => `${formatNumber(n)} 人在线`,
  menuOf: (server) => `${server} 的菜单`,
  serverSettings: '服务器设置',
  jumpTo: '跳转到…',
  welcomeTitle: (name) => `欢迎，${name}`,
  welcomeText: '选择一个房间继续阅读。',
  welcomeEmptyText: '你还没有加入任何房间。',
  notFoundTitle: '这里什么也没有',
  notFoundText: '地址可能有误，或者页面已不存在。',
  notFoundHome: '前往房间',
  reload: '重新加载',
  newVersion: '新版本已就绪。',
};
