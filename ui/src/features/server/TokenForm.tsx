// Asks what a new token is for, and makes it. What the server refuses is said at the field it names.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Checks } from '../../kit/Checks';
import { Choice } from '../../kit/Choice';
import { Dialog } from '../../kit/Dialog';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import type { Failure } from '../../net/result';
import { rooms, sections } from '../../store/rooms';
import { type FieldErrors, missing } from '../account/errors';
import { failureText } from '../words/failures';
import { t } from './texts';
import { createToken, type NewToken, type Scope, type Token } from './tokens';

const day = 24 * 60 * 60;
const scopes: readonly Scope[] = ['read', 'post', 'notify', 'admin'];
const fields = ['bot', 'display_name', 'name', 'scopes', 'room_ids', 'expires_in'];

interface Props {
  onMade: (token: Token) => void;
  onClose: () => void;
}

export function TokenForm({ onMade, onClose }: Props) {
  const d = t();
  const id = useId();
  const [bot, setBot] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [name, setName] = useState('');
  const [picked, setPicked] = useState<readonly Scope[]>([]);
  const [where, setWhere] = useState<'all' | 'some'>('all');
  const [places, setPlaces] = useState<readonly string[]>([]);
  const [days, setDays] = useState('0');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // The first that is wrong is where to go on, also when it was wrong before.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [errors]);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ bot });
    if (!picked.length) {
      wrong.scopes = d.tokenScopesNone;
    }
    if (where === 'some' && !places.length) {
      wrong.room_ids = d.tokenRoomsNone;
    }
    setErrors(wrong);
    if (Object.keys(wrong).length) {
      return;
    }
    const asked: NewToken = {
      bot: bot.trim(),
      display_name: displayName.trim(),
      name: name.trim(),
      scopes: [...picked],
      expires_in: Number(days) * day,
      ...(where === 'some' ? { room_ids: places.map(Number) } : {}),
    };
    setBusy(true);
    const result = await createToken(asked);
    setBusy(false);
    if (result.ok) {
      onMade(result.value);
    } else {
      setErrors(refusal(result.failure));
    }
  };

  return (
    <Dialog
      title={d.tokenMake}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{d.cancel}</Button>
          <Button kind="primary" type="submit" form={id} busy={busy}>
            {d.tokenMake}
          </Button>
        </>
      }
    >
      <form ref={form} id={id} class={css.form} onSubmit={submit} noValidate>
        {errors[''] && (
          <p class={css.problem} role="alert">
            {errors['']}
          </p>
        )}
        <Field
          label={d.tokenBot}
          hint={d.tokenBotHint}
          value={bot}
          onValue={setBot}
          error={errors.bot}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          required
          autofocus
        />
        <Field
          label={d.tokenDisplayName}
          hint={d.tokenDisplayNameHint}
          value={displayName}
          onValue={setDisplayName}
          error={errors.display_name}
          autocomplete="off"
          maxLength={64}
        />
        <Checks
          label={d.tokenScopes}
          values={picked}
          onValues={setPicked}
          error={errors.scopes}
          options={scopes.map((value) => ({
            value,
            label: d.tokenScope[value],
            hint: d.tokenScopeHint[value],
          }))}
        />
        <Choice
          label={d.tokenRooms}
          value={where}
          onValue={setWhere}
          options={[
            { value: 'all', label: d.tokenRoomsAll, hint: d.tokenRoomsAllHint },
            { value: 'some', label: d.tokenRoomsSome, hint: d.tokenRoomsSomeHint },
          ]}
        />
        {where === 'some' && (
          <Checks
            label={d.tokenRoomsPick}
            values={places}
            onValues={setPlaces}
            error={errors.room_ids}
            options={sections.value.rooms.map((id) => ({
              value: String(id),
              label: rooms.value.get(id)?.name ?? '',
            }))}
          />
        )}
        <Field
          label={d.tokenName}
          hint={d.tokenNameHint}
          value={name}
          onValue={setName}
          error={errors.name}
          autocomplete="off"
          maxLength={64}
        />
        <Select
          label={d.inviteExpires}
          value={days}
          onValue={setDays}
          options={[
            ['0', d.tokenNever] as const,
            ...[30, 90, 365].map((n) => [String(n), d.inviteDays(n)] as const),
          ]}
        />
        {errors.expires_in && <p class={css.problem}>{errors.expires_in}</p>}
      </form>
    </Dialog>
  );
}

function refusal(failure: Failure): FieldErrors {
  const d = t();
  if (failure.code === 'name_taken') {
    return { bot: d.tokenBotTaken };
  }
  if (failure.code === 'forbidden') {
    return { bot: d.tokenBotOthers };
  }
  const field = fields.includes(failure.field ?? '') ? (failure.field ?? '') : '';
  const known: FieldErrors = { bot: d.accountNameWrong, scopes: d.tokenScopesNone };
  return { [field]: (failure.code === 'invalid' && known[field]) || failureText(failure) };
}
