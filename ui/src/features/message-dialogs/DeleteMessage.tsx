// Asks before a message is deleted for everyone.
import type { Message } from '../../store/messages';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { Question } from '../question/Question';
import { deleteMessage } from './actions';
import { t } from './texts';

export function DeleteMessage({ message }: { message: Message }) {
  const d = t();
  const mine = message.author_id === me.value?.id;
  return (
    <Question title={d.deleteTitle} act={d.delete} run={() => deleteMessage(message.room_id, message.seq)}>
      <p>{mine ? d.deleteText : d.deleteOthersText(nameOf(message.author_id))}</p>
    </Question>
  );
}
