// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  failBadRequest: 'The server did not understand the request.',
  failInvalid: 'That cannot be used.',
  failSignedOut: 'You are signed out.',
  failWrongCredentials: 'Name or password is wrong.',
  failForbidden: 'You are not allowed to do that.',
  failOrigin: (address: string) =>
    `The server takes this page for one of another site. Whoever runs it starts it with --url ${address}, or names the proxy in front of it with --trusted-proxy.`,
  failHost: (name: string) =>
    `The server does not answer under the name ${name}. If the name is right, whoever runs the server allows it with: parley host add ${name}`,
  failNotFound: 'That does not exist, or it is not for you to see.',
  failNameTaken: 'That name is taken.',
  failAlreadySetUp: 'This server is already set up.',
  failClientIDReused: 'The message was already sent with another text.',
  failArchived: 'The room is archived. You can read it, and no more change it.',
  failLastOwner: 'Name another owner of the room first.',
  failDeleted: 'The message was deleted.',
  failMessageTooLong: (n: number) => `The message is longer than ${formatNumber(n)} characters.`,
  failTooManyReactions: (n: number) => `A message has at most ${formatNumber(n)} different reactions.`,
  failTooManyPeople: (n: number) => `At most ${formatNumber(n)} people.`,
  failTooManyReports: 'Too many reports are open. Try again when an admin has looked at some.',
  failTooManyRooms: (n: number) =>
    `That would be more than ${formatNumber(n)} rooms, the limit for one person.`,
  failTooManyInvitations: (n: number) =>
    `That would be more than ${formatNumber(n)} invitations that wait for an answer.`,
  failTooManyAttempts: (seconds: number) =>
    plural(seconds, {
      one: `Too many attempts. Try again in ${formatNumber(seconds)} second.`,
      other: `Too many attempts. Try again in ${formatNumber(seconds)} seconds.`,
    }),
  failRateLimited: 'Too fast. Wait a moment.',
  failServer: 'The server cannot do that right now. Try again in a moment.',
  failOffline: 'The server cannot be reached.',
};
