// Who is asked into a room.
import { sessionSignal } from '../../perSession';

/** Raised when somebody was asked into a room, so that the list of those is loaded again. */
export const askedTurn = sessionSignal(0);
