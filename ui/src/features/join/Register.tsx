// Making an account: by an invite link, or without one where the server is open.
import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../net/result';
import { go } from '../../router';
import { server } from '../../store/session';
import { Entry } from '../entry/Entry';
import { type Refusal, Refused } from '../entry/Refused';
import { failureText } from '../failures/failureText';
import { AccountForm } from './AccountForm';
import { checkInvite, register } from './actions';
import { t } from './texts';

/** Who made the invite, or why it does not work. Empty until the server has answered. */
type Invited = { by?: string; not?: Refusal };

interface Props {
  /** The code of an invite link. Without one the server must be open. */
  code?: string;
}

export function Register({ code }: Props) {
  const d = t();
  const [{ by, not }, setInvited] = useState<Invited>({});
  const closed = code === undefined && server.value?.registration !== 'open';
  const name = server.value?.name || 'Parley';

  const check = async () => {
    if (code !== undefined) {
      const result = await checkInvite(code);
      setInvited(result.ok ? { by: result.value.invited_by } : refused(result.failure, () => void check()));
    }
  };
  useEffect(() => void check(), [code]);

  const problem = closed ? { title: d.registrationClosed } : not;
  if (problem) {
    return <Refused {...problem} />;
  }
  return (
    <Entry
      title={d.registerTitle(name)}
      // A line of its own while the server is asked, so that nothing moves when the answer comes.
      text={by ? d.registerInvitedBy(by) : code === undefined ? d.registerOpen : '\u00a0'}
      footer={
        <p>
          {d.registerHave} <a href="/sign-in">{d.signIn}</a>
        </p>
      }
    >
      <AccountForm
        submit={d.register}
        send={async (account) => {
          const result = await register({ ...account, ...(code === undefined ? {} : { invite: code }) });
          if (result.ok) {
            go({ name: 'list' }, true);
          }
          return result;
        }}
      />
    </Entry>
  );
}

function refused(failure: Failure, again: () => void): Invited {
  const d = t();
  return {
    not:
      failure.code === 'not_found'
        ? { title: d.inviteGone, text: d.inviteGoneText }
        : { title: failureText(failure), again },
  };
}
