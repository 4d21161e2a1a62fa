// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  invitations: 'Invitations to rooms',
  askedBy: (name: string) => `${name} asks you to join`,
  askedSaid: (name: string, room: string) => `${name} asks you to join ${room}.`,
  askedMany: (n: number) =>
    plural(n, {
      one: `${formatNumber(n)} invitation to a room`,
      other: `${formatNumber(n)} invitations to rooms`,
    }),
  accept: 'Accept',
  acceptOf: (room: string) => `Accept: join ${room}`,
  decline: 'Decline',
  declineOf: (room: string) => `Decline: do not join ${room}`,
  declineAsk: (room: string) => `Decline to join ${room}?`,
  declineText: 'To join later, you must be asked again.',
  declined: 'Declined. Nobody is told.',
};
