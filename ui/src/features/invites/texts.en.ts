// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  inviteText: 'Anyone with the link can make an account here.',
  inviteLink: 'Invite link',
  inviteMake: 'Make a link',
  inviteUses: 'Works for',
  inviteUsesAny: 'any number of people',
  inviteUsesCount: (n: number) =>
    plural(n, { one: `${formatNumber(n)} person`, other: `${formatNumber(n)} people` }),
  inviteExpires: 'Ends after',
  inviteDays: (n: number) => plural(n, { one: `${formatNumber(n)} day`, other: `${formatNumber(n)} days` }),
  inviteQr: 'QR code of the invite link',
  inviteShownOnce: 'Copy it now: it is not shown again.',
  inviteActive: 'Links that work',
  inviteNone: 'No invite links',
  inviteBy: (name: string, date: string) => `By ${name}, until ${date}`,
  inviteUsed: (uses: number, most: number) =>
    most ? `${formatNumber(uses)} of ${formatNumber(most)} used` : `${formatNumber(uses)} used`,
  inviteRevoke: 'Take back',
  inviteRevoked: 'The link no longer works.',
};
