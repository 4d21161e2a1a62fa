// Lists who reacted to a message, by emoji. Follows changes while it is open.

import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { segmentOf } from '../../store/messages';
import type { RoomID } from '../../store/rooms';
import { PeopleList } from '../find-people/PeopleList';
import { t } from './texts';
import css from './WhoReacted.module.css';

interface Props {
  room: RoomID;
  seq: number;
}

export function WhoReacted({ room, seq }: Props) {
  const d = t();
  const message = segmentOf(room).value?.messages.find((one) => one.seq === seq);
  const reactions = message?.reactions ?? [];
  return (
    <Dialog title={d.whoReacted} onClose={closeDialog} text>
      {reactions.length === 0 && <p>{d.noMatches}</p>}
      {reactions.map(({ emoji, user_ids: ids }) => (
        <section key={emoji} class={css.section}>
          <h3 class={css.emoji} aria-label={d.reactionCount(emoji, ids.length)}>
            {emoji}
          </h3>
          <PeopleList people={ids} small />
        </section>
      ))}
    </Dialog>
  );
}
