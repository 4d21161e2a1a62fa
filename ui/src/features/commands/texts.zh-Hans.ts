// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  noCommand: (command) => `未发送：这里没有 ${command} 命令。若仍要发送这段文字，请在前面加一个空格。`,
  sendAsIs: '原样发送',
  noCommandEdit: (command) => `未保存：这里没有 ${command} 命令。`,
  saveAsIs: '原样保存',
};
