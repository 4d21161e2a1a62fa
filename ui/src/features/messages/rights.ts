// What the reader may do with a message of somebody else. The server decides; this only chooses what is
// offered.
import type { Message } from '../../net/types';
import { people } from '../../store/people';
import { rooms } from '../../store/rooms';
import { me } from '../../store/session';

/** May the reader delete this message, which somebody else wrote? Reads signals. */
export function mayModerate({ room_id: id, author_id: author }: Message): boolean {
  const room = rooms.value.get(id);
  const mine = me.value?.role ?? 'member';
  const theirs = people.value.get(author)?.role ?? 'member';
  if (room?.kind === 'direct') {
    return false;
  }
  const above = (mine === 'owner' && theirs !== 'owner') || (mine === 'admin' && theirs === 'member');
  return above || (room?.role === 'owner' && (theirs === 'member' || theirs === mine));
}
