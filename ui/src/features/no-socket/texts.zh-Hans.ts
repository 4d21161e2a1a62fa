// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  reconnecting: '正在重新连接…',
  offlineNow: '你已离线，消息会等到恢复连接后发送。',
  retryNow: '立即重试',
  connectionLost: '连接已断开，正在重新连接。',
  connectionStopped: '服务器已断开连接。请重新加载页面再试。',
  noSocketUpgrade:
    '服务器有响应，但 WebSocket 无法连通，因此收不到新内容。服务器前面的代理没有转发 Upgrade 和 Connection 请求头。请服务器的管理者参照 docs/operations.md 中的“Behind a proxy”进行设置。',
  noSocketPath:
    '服务器有响应，但 /ws 这个地址通向了别处，因此收不到新内容。服务器前面的代理必须转发所有路径，设置方法见 docs/operations.md 中的“Behind a proxy”。',
};
