// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  signOutAsk: 'Sign out?',
  signOutUnsent: (n: number) =>
    plural(n, {
      one: `${formatNumber(n)} message is not sent yet and would be lost.`,
      other: `${formatNumber(n)} messages are not sent yet and would be lost.`,
    }),
  signOutDrafts: (n: number) =>
    plural(n, {
      one: `${formatNumber(n)} draft would be lost, in all tabs of this browser.`,
      other: `${formatNumber(n)} drafts would be lost, in all tabs of this browser.`,
    }),
};
