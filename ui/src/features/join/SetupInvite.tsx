// The last step of the first run: an invite link.
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Skeleton } from '../../kit/Skeleton';
import { Entry } from '../entry/Entry';
import css from '../entry/Entry.module.css';
import { createInvite } from '../invites/actions';
import { InviteLink } from '../invites/InviteLink';
import { failureText } from '../words/failures';
import { t } from './texts';

const week = 7 * 24 * 60 * 60;

export function SetupInvite({ onDone }: { onDone: () => void }) {
  const d = t();
  const [url, setURL] = useState<string>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    void createInvite({ max_uses: 0, expires_in: week }).then((result) => {
      if (result.ok) {
        setURL(result.value.url);
      } else {
        setProblem(failureText(result.failure));
      }
    });
  }, []);

  return (
    <Entry title={d.setupInviteTitle} text={d.setupInviteText} problem={problem} step={2}>
      <div class={css.form}>
        {url ? <InviteLink url={url} /> : !problem && <Skeleton rows={4} />}
        <div class={css.buttons}>
          <Button kind={url ? 'plain' : 'primary'} wide onClick={onDone}>
            {d.done}
          </Button>
          <Button kind="quiet" wide onClick={onDone}>
            {d.setupInviteLater}
          </Button>
        </div>
      </div>
    </Entry>
  );
}
