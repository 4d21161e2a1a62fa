// Below the members: who is asked into the room and has not come yet.
import { useEffect, useId, useState } from 'preact/hooks';
import type { Asked, RoomID } from '../../net/types';
import { PeopleList } from '../find-people/PeopleList';
import { loadAsked } from './actions';
import { askedTurn } from './asked';
import css from './MembersPanel.module.css';
import { t } from './texts';

/** `meta` changes with what is known of the room, and has the list loaded again. */
export function AskedList({ room, meta }: { room: RoomID; meta: number }) {
  const d = t();
  const id = useId();
  const turn = askedTurn.value;
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => {
    let current = true;
    void loadAsked(room).then((result) => {
      if (current && result.ok) {
        setAsked(result.value);
      }
    });
    return () => {
      current = false;
    };
  }, [room, meta, turn]);
  if (!asked?.user_ids.length) {
    return null;
  }
  return (
    <section aria-labelledby={id}>
      <h3 id={id} class={css.asked}>
        {d.askedTitle}
      </h3>
      <PeopleList people={asked.user_ids} />
      {asked.more && <p class={css.asked}>{d.askedMore}</p>}
    </section>
  );
}
