// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  reportsText: '每个人都可以向你和其他管理员举报消息。',
  reportsNone: '没有举报',
  reportsNoneText: '有人举报消息时，你会收到通知，并可在此查看。',
  reportsOlder: '显示更早的',
  reportsFailed: '无法加载举报。',
  reportOpen: '未处理',
  reportBy: (name) => `举报人：${name}`,
  reportOf: (name) => `${name} 的消息`,
  reportClosedBy: (name, date) => `${name} 于 ${date} 处理`,
  reportLook: '查看',
  reportLookAt: (name) => `查看 ${name} 的消息`,
  reportWhere: { public: '公开房间', private: '私密房间', direct: '私信', announcements: '公告' },
  reportAccount: (name) => `管理 ${name} 的账号`,
  reportShown: '这条消息及其前后的消息',
  reportThis: '被举报的消息',
  reportDelete: '删除消息',
  reportDeleteAsk: '删除这条消息？',
  reportDeleteText: (name) => `这条消息由 ${name} 撰写。删除后，所有人都将看不到它，举报也随之结束。`,
  reportClose: '结束举报',
  reportDone: '举报已处理。',
  reportGone: '此消息已删除。',
};
