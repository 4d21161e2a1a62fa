// The card of a person: who it is, a button to write to them, and, for owners, buttons to manage them in the
// room.
import { MessageCircle } from 'lucide';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { isWide } from '../../kit/layout';
import { place } from '../../kit/place';
import { toast } from '../../kit/toasts';
import type { Result } from '../../net/result';
import { displayNameOf, nameOf, personOf, type UserID } from '../../store/people';
import { presenceOf } from '../../store/presence';
import { membersOf, type RoomState, roomOf } from '../../store/rooms';
import { isAdmin, me } from '../../store/session';
import { openAccount } from '../accounts/open';
import { BlockButton } from '../blocks/BlockButton';
import { writeTo } from '../direct/actions';
import { failureText } from '../failures/failureText';
import { watchPeople } from '../people/actions';
import { BotBadge } from '../people/BotBadge';
import { PresenceDot, presenceText } from '../people/PresenceDot';
import { loadMembers, setMemberRole } from './actions';
import { askOwner, askRemove } from './ask';
import css from './PersonCard.module.css';
import { type CardRequest, card, closeCard, closePanel } from './panel';
import { t } from './texts';

export function PersonCard() {
  const request = card.value;
  return request ? <Card key={request.person} {...request} /> : null;
}

function Card({ anchor, room, person: id }: CardRequest) {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const own = roomOf(room).value;
  const member = membersOf(room).value?.members.find((one) => one.user_id === id);
  const mayManage = member && own?.role === 'owner' && own.kind !== 'direct' && id !== me.value?.id;
  const user = personOf(id).value;
  const name = nameOf(id);
  const roles = { owner: d.roleOwner, admin: d.roleAdmin, member: undefined };

  const tell = async (act: Promise<Result>) => {
    const result = await act;
    if (!result.ok) {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  const inOwn = (act: (room: RoomState, person: UserID) => void) => () => {
    closeCard();
    if (own) {
      act(own, id);
    }
  };

  const write = async () => {
    if (await writeTo([id])) {
      closeCard();
      if (!isWide.value) {
        closePanel();
      }
    }
  };

  useLayoutEffect(() => {
    const popover = box.current;
    if (popover) {
      popover.showPopover();
      place(popover, anchor, anchor.hasAttribute('data-person'));
      (popover.querySelector('button') ?? popover).focus();
    }
  }, [anchor]);
  useEffect(() => {
    void loadMembers(room);
    watchPeople('card', [id]);
    return () => watchPeople('card', []);
  }, [room, id]);

  return (
    <div
      ref={box}
      popover="auto"
      role="dialog"
      aria-label={d.membersMore(name)}
      tabIndex={-1}
      class={css.card}
      onToggle={(event) => {
        if (event.newState === 'closed') {
          closeCard();
          // The menu that opened the card is gone, but its row is still there.
          if (event.currentTarget.contains(document.activeElement)) {
            (anchor.closest('article') ?? anchor).focus();
          }
        }
      }}
    >
      <Avatar id={id} name={displayNameOf(id)} size="xl" />
      <div class={css.words}>
        <p class={css.name}>
          <bdi>{displayNameOf(id)}</bdi>
          <BotBadge person={id} />
        </p>
        {user && <p class={css.login}>@{user.name}</p>}
        <p class={css.state}>
          <PresenceDot person={id} />
          <span aria-hidden="true">{presenceText(presenceOf(id).value?.state)}</span>
          {user && roles[user.role] && <span>· {roles[user.role]}</span>}
        </p>
      </div>
      {id !== me.value?.id && (
        <Button kind="primary" icon={MessageCircle} wide onClick={write}>
          {d.message}
        </Button>
      )}
      {id !== me.value?.id && (
        <div class={css.manage}>
          <BlockButton person={id} onAsk={closeCard} />
        </div>
      )}
      {member && mayManage && (
        <div class={css.manage}>
          {member.role === 'owner' ? (
            <Button onClick={() => void tell(setMemberRole(room, id, 'member'))}>{d.makeMember}</Button>
          ) : (
            <Button onClick={inOwn(askOwner)}>{d.makeOwner}</Button>
          )}
          <Button kind="danger" onClick={inOwn(askRemove)}>
            {d.removeFromRoom}
          </Button>
        </div>
      )}
      {user && isAdmin.value && id !== me.value?.id && (
        <div class={css.manage}>
          <Button
            onClick={() => {
              closeCard();
              openAccount(id);
            }}
          >
            {d.manageAccount}
          </Button>
        </div>
      )}
    </div>
  );
}
