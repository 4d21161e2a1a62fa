// The form that makes a token. A refusal is shown at the field that the server names.
import { useId } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Checks } from '../../kit/Checks';
import { Choice } from '../../kit/Choice';
import { Dialog } from '../../kit/Dialog';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { Problem } from '../../kit/Problem';
import { Select } from '../../kit/Select';
import { type FieldErrors, useForm } from '../../kit/useForm';
import type { Failure } from '../../net/result';
import { rooms, sections } from '../../store/rooms';
import { failureText } from '../failures/failureText';
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
  const form = useForm<Values>(
    { bot: '', display_name: '', name: '', scopes: [], where: 'all', room_ids: [], days: '0' },
    {
      need: ['bot'],
      check: ({ scopes: picked, where, room_ids: places }) => ({
        scopes: picked.length ? undefined : d.tokenScopesNone,
        room_ids: where === 'some' && !places.length ? d.tokenRoomsNone : undefined,
      }),
      async send(values) {
        const result = await createToken(asked(values));
        if (!result.ok) {
          return refusal(result.failure);
        }
        onMade(result.value);
      },
    },
  );
  const { errors, values } = form;

  return (
    <Dialog
      title={d.tokenMake}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{d.cancel}</Button>
          <Button kind="primary" type="submit" form={id} busy={form.busy}>
            {d.tokenMake}
          </Button>
        </>
      }
    >
      <form id={id} class={css.form} onSubmit={form.submit} noValidate>
        <Field
          label={d.tokenBot}
          hint={d.tokenBotHint}
          lines={2}
          {...form.field('bot')}
          autocomplete="off"
          exact
          enterkeyhint="next"
          maxLength={64}
          required
          autofocus
        />
        <Field
          label={d.tokenDisplayName}
          hint={d.tokenDisplayNameHint}
          {...form.field('display_name')}
          autocomplete="off"
          enterkeyhint="next"
          maxLength={64}
        />
        <Checks
          label={d.tokenScopes}
          {...form.field('scopes')}
          options={scopes.map((value) => ({
            value,
            label: d.tokenScope[value],
            hint: d.tokenScopeHint[value],
          }))}
        />
        <Field
          label={d.tokenName}
          hint={d.tokenNameHint}
          {...form.field('name')}
          autocomplete="off"
          maxLength={64}
        />
        <Select
          label={d.inviteExpires}
          {...form.field('days')}
          error={errors.expires_in}
          options={[
            ['0', d.tokenNever] as const,
            ...[30, 90, 365].map((n) => [String(n), d.inviteDays(n)] as const),
          ]}
        />
        {/* The last, since its rooms push down what is below. */}
        <Choice
          label={d.tokenRooms}
          {...form.field('where')}
          options={[
            { value: 'all', label: d.tokenRoomsAll, hint: d.tokenRoomsAllHint },
            { value: 'some', label: d.tokenRoomsSome, hint: d.tokenRoomsSomeHint },
          ]}
        />
        {values.where === 'some' && (
          <Checks
            label={d.tokenRoomsPick}
            {...form.field('room_ids')}
            options={sections.value.rooms.map((id) => ({
              value: String(id),
              label: rooms.value.get(id)?.name ?? '',
            }))}
          />
        )}
        <Problem text={errors['']} />
      </form>
    </Dialog>
  );
}

interface Values {
  bot: string;
  display_name: string;
  name: string;
  scopes: readonly Scope[];
  where: 'all' | 'some';
  room_ids: readonly string[];
  days: string;
}

function asked({ where, room_ids: places, days, ...values }: Values): NewToken {
  return {
    bot: values.bot.trim(),
    display_name: values.display_name.trim(),
    name: values.name.trim(),
    scopes: [...values.scopes],
    expires_in: Number(days) * day,
    ...(where === 'some' ? { room_ids: places.map(Number) } : {}),
  };
}

function refusal(failure: Failure): FieldErrors {
  const d = t();
  if (failure.code === 'name_taken') {
    return { bot: d.tokenBotTaken };
  }
  if (failure.code === 'forbidden' && failure.field === 'bot') {
    return { bot: d.tokenBotOthers };
  }
  const field = fields.includes(failure.field ?? '') ? (failure.field ?? '') : '';
  const known: FieldErrors = { bot: d.accountNameWrong, scopes: d.tokenScopesNone };
  return { [field]: (failure.code === 'invalid' && known[field]) || failureText(failure) };
}
