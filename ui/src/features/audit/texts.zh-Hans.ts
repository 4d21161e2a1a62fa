// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  auditTitle: '审计日志',
  auditAdminsOnly: '只有所有者和管理员可以查看',
  auditNone: '暂无记录',
  auditOlder: '显示更早的',
  auditFailed: '无法加载审计日志。',
  auditCommand: '命令行',
  auditActs: {
    'server.change': () => '更改了服务器设置',
    'user.role': (whom) => `更改了 ${whom} 的角色`,
    'user.deactivate': (whom) => `停用了 ${whom} 的账号`,
    'user.reactivate': (whom) => `重新启用了 ${whom} 的账号`,
    'user.end_sessions': (whom) => `使 ${whom} 在所有设备上退出`,
    'user.reset': (whom) => `为 ${whom} 生成了新密码链接`,
    'invite.add': () => '生成了邀请',
    'invite.end': () => '撤回了邀请',
    'message.delete': (whom) => `删除了 ${whom} 的消息`,
    'report.close': (whom) => `结束了对 ${whom} 的消息的举报`,
    'token.add': (whom) => `为 ${whom} 创建了令牌`,
    'token.end': (whom) => `吊销了 ${whom} 的令牌`,
  },
  auditDetails: {
    keep: '保留消息',
    delete: '删除消息',
    owner: '所有者',
    admin: '管理员',
    member: '成员',
    open: '任何人都可以创建账号',
    invite: '凭邀请链接创建账号',
    closed: '谁也不能创建账号',
  },
  auditRoom: (room) => `房间 ${room}`,
  auditMessage: (room, seq) => `房间 ${room} 的消息 ${seq}`,
};
