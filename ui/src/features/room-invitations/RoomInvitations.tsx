// Below the rooms: who asks the reader into a room, to accept or to decline.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { formatList } from '../../i18n';
import { Button } from '../../kit/Button';
import { toast } from '../../kit/toasts';
import type { Result } from '../../net/result';
import { perSession } from '../../perSession';
import { go } from '../../router';
import { type RoomInvitation, roomInvitations } from '../../store/invitations';
import { nameOf, titleOf } from '../../store/people';
import { speaker } from '../announcer/speaker';
import { failureText } from '../failures/failureText';
import { RoomIcon } from '../people/RoomIcon';
import { askBefore } from '../question/open';
import { accept, decline } from './actions';
import css from './RoomInvitations.module.css';
import { t } from './texts';

const voice = perSession(() => ({
  said: new Set<string>(),
  speaker: speaker((n) => t().askedMany(n)),
}));

export function RoomInvitations() {
  const d = t();
  const id = useId();
  const list = roomInvitations.value;
  useEffect(() => {
    for (const one of list) {
      const key = `${one.room_id} ${one.created_at}`;
      if (!voice.now.said.has(key)) {
        voice.now.said.add(key);
        voice.now.speaker.say(() => t().askedSaid(nameOf(one.invited_by), titleOf(one, formatList)));
      }
    }
  }, [list]);
  return (
    <section class={css.section} aria-labelledby={id}>
      <h2 id={id} class={css.title} tabIndex={-1} data-unread="" data-more={d.invitations}>
        {d.invitations}
      </h2>
      <ul>
        {list.map((one) => (
          <Row key={one.room_id} of={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ of }: { of: RoomInvitation }) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const title = titleOf(of, formatList);

  const answer = async (ask: () => Promise<Result>, done: () => void) => {
    setBusy(true);
    const next = after(row.current);
    const result = await ask();
    if (result.ok) {
      next?.focus();
      done();
    } else {
      setBusy(false);
      toast(failureText(result.failure), { kind: 'error' });
    }
  };
  const refuse = () => decline(of.room_id);
  // Into a public room one can go later. Into another one must be asked again.
  const askRefuse = () =>
    askBefore({
      title: d.declineAsk(title),
      act: d.decline,
      run: refuse,
      done: d.declined,
      children: <p>{d.declineText}</p>,
    });
  return (
    <li ref={row} class={css.one}>
      <span class={css.room}>
        <RoomIcon room={of} />
        <bdi class={css.name}>{title}</bdi>
      </span>
      <span class={css.by}>{d.askedBy(nameOf(of.invited_by))}</span>
      <div class={css.answers}>
        <Button
          busy={busy}
          aria-label={d.acceptOf(title)}
          data-answer
          onClick={() =>
            answer(
              () => accept(of.room_id),
              () => go({ name: 'room', room: of.room_id }),
            )
          }
        >
          {d.accept}
        </Button>
        <Button
          kind="quiet"
          disabled={busy}
          aria-label={d.declineOf(title)}
          onClick={() => (of.kind === 'public' ? answer(refuse, () => toast(d.declined)) : askRefuse())}
        >
          {d.decline}
        </Button>
      </div>
    </li>
  );
}

/** What gets the focus when a row is gone: the next one, or the rooms. */
function after(row: HTMLElement | null): HTMLElement | null {
  const other = row?.nextElementSibling ?? row?.previousElementSibling;
  const inside = other?.querySelector<HTMLElement>('[data-answer]');
  return inside ?? document.querySelector<HTMLElement>('[data-region="rooms"] [data-room][tabindex="0"]');
}
