// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  accountsText: 'Change roles, deactivate accounts, and help those who forgot their password.',
  accountsCount: (n: number) =>
    plural(n, { one: `${formatNumber(n)} person`, other: `${formatNumber(n)} people` }),
  accountsMore: (n: number) => `Only the first ${formatNumber(n)} are shown: search for the others.`,
  accountsManage: 'Manage',
  accountsManageOf: (name: string) => `Manage ${name}`,
  accountsRole: 'Role on the server',
  accountsMember: 'Member',
  accountsOwnerAsk: (name: string) => `Make ${name} an owner of the server?`,
  accountsOwnerText:
    'An owner can do everything that you can. You cannot take it back: only they can step down.',
  accountsStepDownAsk: 'Step down as an owner?',
  accountsStepDownText: 'Only another owner can make you one again.',
  accountsChange: 'Change the role',
  accountsSessions: (n: number) =>
    plural(n, {
      one: `Signed in on ${formatNumber(n)} device`,
      other: `Signed in on ${formatNumber(n)} devices`,
    }),
  accountsTokens: (n: number) =>
    plural(n, { one: `${formatNumber(n)} token`, other: `${formatNumber(n)} tokens` }),
  accountsSince: (date: string) => `Here since ${date}`,
  accountsSeen: (date: string) => `Last seen ${date}`,
  accountsNeverSeen: 'Never seen',
  accountsDeleting: 'The messages are being deleted.',
  accountsLastOwner: 'Name another owner of the server first.',
  accountsHigher: 'Only somebody with a higher role can change this account.',
  accountsEnd: 'Sign out everywhere',
  accountsEndAsk: (name: string) => `Sign ${name} out everywhere?`,
  accountsEndText: 'They have to sign in again on every device. What they have not sent yet is lost.',
  accountsEndBotText: 'All its tokens end. The program needs new ones.',
  accountsEnded: (name: string) => `${name} is signed out everywhere.`,
  accountsReset: 'Make a link for a new password',
  accountsResetLink: (name: string) => `Link by which ${name} chooses a new password`,
  accountsResetOnce:
    'Copy the link now: it is not shown again. It works once, within an hour, and then signs the person out everywhere.',
  accountsDeactivate: 'Deactivate',
  accountsDeactivateAsk: (name: string) => `Deactivate ${name}?`,
  accountsDeactivateText:
    'The person is signed out everywhere and cannot sign in. Their name stays. You can reactivate them later.',
  accountsMessages: 'Their messages',
  accountsKeep: 'Stay',
  accountsDelete: 'Are deleted',
  accountsDeleteHint: 'All of them, in all rooms. This cannot be undone.',
  accountsDeleteRooms: 'Are deleted, with their rooms',
  accountsDeleteRoomsHint:
    'Also the rooms and conversations that they made and nobody else wrote in. This cannot be undone.',
  accountsErase: 'Delete the messages',
  accountsEraseAsk: (name: string) => `Delete the messages of ${name}?`,
  accountsDeactivated: (name: string) => `${name} is deactivated.`,
  accountsReactivate: 'Reactivate',
  accountsReactivated: (name: string) => `${name} can sign in again.`,
};
