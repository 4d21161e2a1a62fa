// Signing out, and what would be lost by it.
import { drafts } from '../../store/drafts';
import { pending } from '../../store/messages';

/**
 * Signs out here and in other tabs, deletes what this browser keeps, and tells the server as soon as
 * possible.
 */
export { leaveSession } from '../../sync/session';

/** How many own messages are not known to be stored. */
export function unsent(): number {
  return [...pending.value.values()].flat().filter((one) => one.state !== 'sent').length;
}

/** In how many rooms something is written and not sent. */
export const drafted = (): number => drafts.value.size;
