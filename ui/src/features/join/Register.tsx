// Making an account: by an invite link, or without one where the server is open.
import { useEffect, useState } from 'preact/hooks';
import { linkButtonPrimary } from '../../kit/Button';
import { Skeleton } from '../../kit/Skeleton';
import { go } from '../../router';
import { server } from '../../store/session';
import { Entry } from '../entry/Entry';
import { failureText } from '../words/failures';
import { AccountForm } from './AccountForm';
import { checkInvite, register } from './actions';
import { t } from './texts';

type Invited =
  | { state: 'asking' }
  | { state: 'ok'; by?: string }
  | { state: 'no'; title: string; text?: string };

interface Props {
  /** The code of an invite link. Without one the server must be open. */
  code?: string;
}

export function Register({ code }: Props) {
  const d = t();
  const [invited, setInvited] = useState<Invited>({ state: 'asking' });
  const open = server.value?.registration === 'open';
  const name = server.value?.name || 'Parley';

  useEffect(() => {
    if (code === undefined) {
      setInvited(open ? { state: 'ok' } : { state: 'no', title: t().registrationClosed });
      return;
    }
    void checkInvite(code).then((result) => {
      if (result.ok) {
        setInvited({ state: 'ok', by: result.value.invited_by });
      } else if (result.failure.code === 'not_found') {
        setInvited({ state: 'no', title: t().inviteGone, text: t().inviteGoneText });
      } else {
        setInvited({ state: 'no', title: failureText(result.failure) });
      }
    });
  }, [code, open]);

  if (invited.state === 'asking') {
    return (
      <Entry title={d.registerTitle(name)}>
        <Skeleton rows={5} />
      </Entry>
    );
  }
  if (invited.state === 'no') {
    return (
      <Entry title={invited.title} text={invited.text}>
        <p>
          <a class={linkButtonPrimary} href="/">
            {d.signIn}
          </a>
        </p>
      </Entry>
    );
  }
  return (
    <Entry
      title={d.registerTitle(name)}
      text={invited.by ? d.registerInvitedBy(invited.by) : d.registerOpen}
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
