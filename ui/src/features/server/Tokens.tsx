// The tokens of programs: makes one, lists those that work, revokes them. In the server's settings.
import { Plus } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDate, formatList } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { CopyField } from '../../kit/CopyField';
import css from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { nameOf } from '../../store/people';
import { rooms } from '../../store/rooms';
import { failureText } from '../failures/failureText';
import { Unloaded } from '../failures/Unloaded';
import { askBefore } from '../question/open';
import { TokenForm } from './TokenForm';
import own from './Tokens.module.css';
import { t } from './texts';
import { endToken, listTokens, type Token } from './tokens';

const botName = ({ bot }: Token) => bot.display_name || bot.name;

export function Tokens() {
  const d = t();
  const [tokens, setTokens] = useState<readonly Token[]>();
  const [problem, setProblem] = useState<string>();
  const [made, setMade] = useState<Token>();
  const [asking, setAsking] = useState(false);

  const load = async () => {
    const result = await listTokens();
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      setTokens(result.value);
    }
  };
  useEffect(() => void load(), []);

  const revoke = (token: Token) =>
    askBefore({
      title: d.tokenRevokeAsk(token.name, botName(token)),
      act: d.tokenRevoke,
      async run() {
        const result = await endToken(token.id);
        // "Not found" means that somebody else revoked it first.
        if (!result.ok && result.failure.code !== 'not_found') {
          return result;
        }
        setMade((one) => (one?.id === token.id ? undefined : one));
        void load();
      },
      done: d.tokenRevoked,
      children: <p>{d.tokenRevokeText}</p>,
    });

  return (
    <div class={css.form}>
      <p class={css.note}>{d.tokensText}</p>
      <div>
        <Button icon={Plus} onClick={() => setAsking(true)}>
          {d.tokenMake}
        </Button>
      </div>
      <section>
        <h3 class={own.title}>{d.tokensActive}</h3>
        {problem && <Unloaded why={problem} again={load} />}
        {!tokens && !problem && <Skeleton rows={2} />}
        {tokens?.length === 0 && <p class={css.note}>{d.tokensNone}</p>}
        <ul class={css.list}>
          {tokens?.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => revoke(token)} />
          ))}
        </ul>
      </section>
      {/* The last: neither its coming nor its going moves a button. */}
      {made && <Secret token={made} onDone={() => setMade(undefined)} />}
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
          <bdi>{bot}</bdi> <span class={own.login}>@{token.bot.name}</span>
        </span>
        {token.name !== token.bot.name && <bdi class={own.detail}>{token.name}</bdi>}
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
