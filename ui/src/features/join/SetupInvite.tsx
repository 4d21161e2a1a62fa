// The last step of the first run: an invite link.
import { Button } from '../../kit/Button';
import type { Result } from '../../net/result';
import { Entry } from '../entry/Entry';
import css from '../entry/Entry.module.css';
import { failureText } from '../failures/failureText';
import type { Invite } from '../invites/actions';
import { InviteLink } from '../invites/InviteLink';
import { t } from './texts';

interface Props {
  invite: Result<Invite>;
  onDone: () => void;
}

export function SetupInvite({ invite, onDone }: Props) {
  const d = t();
  const url = invite.ok ? invite.value.url : undefined;
  const problem = invite.ok ? undefined : failureText(invite.failure);
  return (
    <Entry title={d.setupInviteTitle} text={d.setupInviteText} problem={problem} step={2}>
      <div class={css.form}>
        {url && <InviteLink url={url} />}
        <div class={css.buttons}>
          <Button kind={url ? 'plain' : 'primary'} wide onClick={onDone}>
            {url ? d.done : d.setupInviteLater}
          </Button>
        </div>
      </div>
    </Entry>
  );
}
