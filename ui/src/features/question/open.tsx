// Asks before something is done that cannot be undone. The first load has none of this: it comes with what asks.
import { ask } from '../../kit/dialogs';
import { type Asked, Discard, Question } from './Question';

/** Asks over whatever is open, and does it when the person says so. */
export const askBefore = (asked: Asked) => ask(<Question {...asked} />);

/** Asks before a text is thrown away that nobody else has. */
export const askDiscard = (discard: () => void) => ask(<Discard discard={discard} />);
