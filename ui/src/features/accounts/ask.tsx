// The questions before what cannot be taken back, or ends somebody's work.
import { useState } from 'preact/hooks';
import { Choice, type Option } from '../../kit/Choice';
import { ask } from '../../kit/dialogs';
import type { User, UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { askBefore } from '../question/open';
import { Question } from '../question/Question';
import { deactivate, type MessagesFate } from './actions';
import { t } from './texts';

/** Asks what becomes of somebody's messages, and deactivates them. */
export const askDeactivate = (person: UserID) => ask(<Deactivate person={person} />);

/** Asks what is deleted of somebody who is deactivated already. */
export const askErase = (person: UserID) => ask(<Deactivate person={person} already />);

function Deactivate({ person, already }: { person: UserID; already?: boolean }) {
  const d = t();
  const name = nameOf(person);
  const [messages, setMessages] = useState<MessagesFate>(already ? 'delete' : 'keep');
  const options: Option<MessagesFate>[] = [
    { value: 'keep', label: d.accountsKeep },
    { value: 'delete', label: d.accountsDelete, hint: d.accountsDeleteHint },
    { value: 'rooms', label: d.accountsDeleteRooms, hint: d.accountsDeleteRoomsHint },
  ];
  return (
    <Question
      title={already ? d.accountsEraseAsk(name) : d.accountsDeactivateAsk(name)}
      act={already ? d.accountsErase : d.accountsDeactivate}
      run={() => deactivate(person, messages)}
      done={already ? d.accountsDeleting : d.accountsDeactivated(name)}
    >
      {!already && <p>{d.accountsDeactivateText}</p>}
      <Choice
        label={d.accountsMessages}
        value={messages}
        onValue={setMessages}
        options={already ? options.slice(1) : options}
      />
    </Question>
  );
}

/** Asks before somebody becomes an owner, or the reader stops being one. `act` says itself why it failed. */
export function askRole(person: UserID, act: () => Promise<unknown>): void {
  const d = t();
  const mine = me.peek()?.id === person;
  askBefore({
    title: mine ? d.accountsStepDownAsk : d.accountsOwnerAsk(nameOf(person)),
    act: d.accountsChange,
    run: () => act().then(() => undefined),
    children: <p>{mine ? d.accountsStepDownText : d.accountsOwnerText}</p>,
  });
}

/** Asks before somebody is signed out everywhere, or a program's tokens end. `act` says why it failed. */
export function askEnd(user: User, act: () => Promise<unknown>): void {
  const d = t();
  askBefore({
    title: d.accountsEndAsk(nameOf(user.id)),
    act: d.accountsEnd,
    run: () => act().then(() => undefined),
    children: <p>{user.bot ? d.accountsEndBotText : d.accountsEndText}</p>,
  });
}
