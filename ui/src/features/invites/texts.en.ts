// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  inviteText: 'Anyone with the link can make an account here.',
  linkLeadsHere: (port: string) =>
    `Others cannot open this link: it leads to the computer that opens it. Start Parley with --listen :${port}, open it under this machine’s address (such as http://192.168.1.20:${port}) and make the link there. Or set --url to the address that others use.`,
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
  inviteRevokeAsk: 'Take this link back?',
  inviteRevokeText: 'Nobody can make an account with it any more. Those who already have one stay.',
  inviteRevoked: 'The link no longer works.',
};
