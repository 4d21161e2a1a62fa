// The tokens of programs: makes one, lists those that work, revokes them. In the server's settings.
import { Plus } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDate, formatList } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { CopyField } from '../../kit/CopyField';
import { Dialog } from '../../kit/Dialog';
import css from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import { nameOf } from '../../store/people';
import { rooms } from '../../store/rooms';
import { failureText } from '../words/failures';
import { TokenForm } from './TokenForm';
import own from './Tokens.module.css';
import { t } from './texts';
import { endToken, listTokens, type Token } from './tokens';

const botName = ({ bot }: Token) => bot.display_name || bot.name;

export function Tokens() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const [tokens, setTokens] = useState<readonly Token[]>();
  const [problem, setProblem] = useState<string>();
  const [made, setMade] = useState<Token>();
  const [asking, setAsking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();

  const load = async () => {
    const result = await listTokens();
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      setTokens(result.value);
    }
  };
  useEffect(() => void load(), []);

  const revoked = (token: Token) => {
    setRevoking(undefined);
    setMade((one) => (one?.id === token.id ? undefined : one));
    void load();
    // The button that had the focus is gone.
    requestAnimationFrame(() => box.current?.querySelector('button')?.focus());
  };

  return (
    <div ref={box} class={css.form}>
      <p class={css.note}>{d.tokensText}</p>
      {problem && (
        <p class={css.problem} role="alert">
          {problem}
        </p>
      )}
      {made && <Secret token={made} onDone={() => setMade(undefined)} />}
      <div>
        <Button icon={Plus} onClick={() => setAsking(true)}>
          {d.tokenMake}
        </Button>
      </div>
      <section>
        <h3 class={own.title}>{d.tokensActive}</h3>
        {!tokens && !problem && <Skeleton rows={2} />}
        {tokens?.length === 0 && <p class={css.note}>{d.tokensNone}</p>}
        <ul class={css.list}>
          {tokens?.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </ul>
      </section>
      {asking && (
        <TokenForm
          onClose={() => setAsking(false)}
          onMade={(token) => {
            setAsking(false);
            setMade(token);
            void load();
          }}
        />
      )}
      {revoking && (
        <Revoke token={revoking} onClose={() => setRevoking(undefined)} onDone={() => revoked(revoking)} />
      )}
    </div>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const d = t();
  const bot = botName(token);
  const created = formatDate(token.created_at);
  const facts = [
    token.created_by ? d.tokenBy(nameOf(token.created_by), created) : d.tokenByServer(created),
    token.last_used_at ? d.tokenUsed(formatDate(token.last_used_at)) : d.tokenUnused,
    ...(token.expires_at ? [d.tokenUntil(formatDate(token.expires_at))] : []),
  ];
  const scopes = token.scopes.map((scope) => d.tokenScope[scope]);
  return (
    <li class={css.row} data-token={token.id}>
      <Avatar id={token.bot.id} name={bot} />
      <span class={css.grow}>
        <span class={css.name}>
          {bot} <span class={own.login}>@{token.bot.name}</span>
        </span>
        {token.name !== token.bot.name && <span class={own.detail}>{token.name}</span>}
        <span class={own.detail}>
          {[formatList(scopes), ...(token.room_ids ? [d.tokenIn(roomNames(token.room_ids))] : [])].join(
            ' · ',
          )}
        </span>
        <span class={own.detail}>{facts.join(' · ')}</span>
      </span>
      <Button kind="danger" aria-label={d.tokenRevokeOf(token.name, bot)} onClick={onRevoke}>
        {d.tokenRevoke}
      </Button>
    </li>
  );
}

/** The names of rooms the reader is in, and how many others there are. Reads signals. */
function roomNames(ids: readonly number[]): string[] {
  const known = ids.flatMap((id) => rooms.value.get(id)?.name ?? []);
  const others = ids.length - known.length;
  return others ? [...known, t().tokenOtherRooms(others)] : known;
}

/** Shows a new token until the person closes it. A token that was not copied is useless. */
function Secret({ token, onDone }: { token: Token; onDone: () => void }) {
  const d = t();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [token.id]);
  return (
    <section class={own.secret}>
      <h3 ref={heading} tabIndex={-1} class={own.title}>
        {d.tokenMade(botName(token))}
      </h3>
      <CopyField key={token.id} label={d.tokenSecret} value={token.token ?? ''} />
      <p class={own.warning}>{d.tokenShownOnce}</p>
      <div>
        <Button onClick={onDone}>{d.done}</Button>
      </div>
    </section>
  );
}

interface RevokeProps {
  token: Token;
  onClose: () => void;
  onDone: () => void;
}

function Revoke({ token, onClose, onDone }: RevokeProps) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    const result = await endToken(token.id);
    setBusy(false);
    // "Not found" means that somebody else revoked it first.
    const gone = result.ok || result.failure.code === 'not_found';
    if (gone) {
      toast(d.tokenRevoked);
      onDone();
    } else {
      toast(failureText(result.failure), { kind: 'error' });
      onClose();
    }
  };
  return (
    <Dialog
      title={d.tokenRevokeAsk(token.name, botName(token))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{d.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={() => void run()}>
            {d.tokenRevoke}
          </Button>
        </>
      }
    >
      <p>{d.tokenRevokeText}</p>
    </Dialog>
  );
}
