// Signing in.
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { Problem } from '../../kit/Problem';
import { useForm } from '../../kit/useForm';
import { endedBecause, server } from '../../store/session';
import { failureText } from '../failures/failureText';
import { signIn } from './actions';
import { Entry } from './Entry';
import css from './Entry.module.css';
import { t } from './texts';

export function SignIn() {
  const d = t();
  const form = useForm(
    { name: '', password: '' },
    {
      need: ['name', 'password'],
      async send({ name, password }) {
        const result = await signIn(name.trim(), password);
        if (!result.ok) {
          const { failure } = result;
          return { '': failure.code === 'deactivated' ? d.signInBanned : failureText(failure) };
        }
      },
    },
  );
  const ended = { ended: d.signInEnded, banned: d.signInBanned, none: '' }[endedBecause.value ?? 'none'];

  return (
    <Entry
      title={d.signInTitle(server.value?.name || 'Parley')}
      {...(ended && { problem: ended })}
      footer={
        <>
          <NewHere />
          <p>{d.signInForgot}</p>
        </>
      }
    >
      <form class={css.form} onSubmit={form.submit} noValidate>
        <Field
          label={d.accountName}
          name="username"
          autocomplete="username"
          exact
          enterkeyhint="next"
          {...form.field('name')}
          autofocus
          required
        />
        <Field
          label={d.accountPassword}
          type="password"
          name="password"
          autocomplete="current-password"
          enterkeyhint="go"
          {...form.field('password')}
          required
        />
        <div class={css.buttons}>
          <Button type="submit" kind="primary" wide busy={form.busy}>
            {d.signIn}
          </Button>
        </div>
        <Problem text={form.errors['']} />
      </form>
    </Entry>
  );
}

function NewHere() {
  const d = t();
  switch (server.value?.registration) {
    case 'open':
      return (
        <p>
          {d.signInNew} <a href="/register">{d.signInRegister}</a>
        </p>
      );
    case 'invite':
      return <p>{d.sentences([d.signInNew, d.signInAskInvite])}</p>;
    default:
      return null;
  }
}
