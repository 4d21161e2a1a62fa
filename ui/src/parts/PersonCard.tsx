// Who someone is, and what one can do with them: write to them, and manage them in a room one owns.
import { MessageCircle } from 'lucide';
import { closePanel, removeMember, setMemberRole, toast } from '../actions';
import { failureText, t } from '../i18n';
import type { Member, RoomID } from '../net/types';
import type { Result } from '../result';
import { nameOf, personOf } from '../store/people';
import { presenceOf } from '../store/presence';
import { me } from '../store/session';
import { Avatar } from './Avatar';
import { Button } from './Button';
import { isWide } from './layout';
import css from './PersonCard.module.css';
import { PresenceDot, presenceText } from './PresenceDot';
import { writeTo } from './places';

interface Props {
  room: RoomID;
  member: Member;
  mayManage: boolean;
}

export function PersonCard({ room, member, mayManage }: Props) {
  const d = t();
  const id = member.user_id;
  const user = personOf(id).value;
  const name = nameOf(id);
  const roles = { owner: d.roleOwner, admin: d.roleAdmin, member: undefined };

  const tell = async (act: Promise<Result>, done?: string) => {
    const result = await act;
    if (!result.ok) {
      toast(failureText(result.failure), { kind: 'error' });
    } else if (done) {
      toast(done);
    }
  };

  const write = async () => {
    if ((await writeTo([id])) && !isWide.value) {
      closePanel();
    }
  };

  return (
    <div class={css.card}>
      <Avatar id={id} name={name} size="xl" />
      <div class={css.words}>
        <p class={css.name}>{name}</p>
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
      {mayManage && (
        <div class={css.manage}>
          <Button
            onClick={() => void tell(setMemberRole(room, id, member.role === 'owner' ? 'member' : 'owner'))}
          >
            {member.role === 'owner' ? d.makeMember : d.makeOwner}
          </Button>
          <Button kind="danger" onClick={() => void tell(removeMember(room, id), d.removedFromRoom(name))}>
            {d.removeFromRoom}
          </Button>
        </div>
      )}
    </div>
  );
}
