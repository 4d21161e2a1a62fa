// Signing out, and what would be lost by it.
import { pending } from '../../store/messages';

/** Signs out here and in the other tabs, clears what this browser keeps, and tells the server when it can. */
export { leaveSession } from '../../sync/session';

/** How many messages of one's own are not known to be stored. */
export function unsent(): number {
  return [...pending.value.values()].flat().filter((one) => one.state !== 'sent').length;
}
