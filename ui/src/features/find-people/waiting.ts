// What is said of people who want to be asked before they come into a room.
import { formatList } from '../../i18n';
import type { UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { t } from './texts';

/** Says whose answer is awaited. Nothing, when nobody's is. */
export function waitingFor(asked: readonly UserID[] = []): string {
  return asked.length ? t().waitingFor(formatList(asked.map(nameOf))) : '';
}
