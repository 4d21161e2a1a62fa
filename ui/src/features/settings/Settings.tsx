// The settings of the signed-in person: profile, appearance, accessibility, password, signing out.
import { LogOut } from 'lucide';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { Choice } from '../../kit/Choice';
import { Field } from '../../kit/Field';
import { toast } from '../../kit/toasts';
import { useForm } from '../../kit/useForm';
import { setPref } from '../../prefs';
import { adding } from '../../store/invitations';
import { prefs } from '../../store/prefs';
import { me, server } from '../../store/session';
import { refusal } from '../account/errors';
import { Blocked } from '../blocks/Blocked';
import { failureText } from '../failures/failureText';
import { type Part, Sections } from '../page/Sections';
import css from '../page/Sections.module.css';
import { signOut } from '../sign-out/open';
import { editProfile, setAdding } from './actions';
import { SettingsPassword } from './Password';
import { t } from './texts';

export function Settings() {
  const d = t();
  const parts: Part[] = [
    { id: 'profile', title: d.settingsProfile, content: <Profile /> },
    { id: 'appearance', title: d.settingsAppearance, content: <Appearance /> },
    { id: 'accessibility', title: d.settingsAccessibility, content: <Announce /> },
    { id: 'invitations', title: d.settingsAdding, content: <AddingChoice /> },
    { id: 'password', title: d.settingsPassword, content: <SettingsPassword /> },
    { id: 'blocked', title: d.settingsBlocked, content: <Blocked /> },
    { id: 'browser', title: d.settingsSession, content: <Session /> },
  ];
  return <Sections title={d.settings} back={d.settingsBack} name="settings" parts={parts} />;
}

function Appearance() {
  const d = t();
  const { theme, language } = prefs.value;
  return (
    <>
      <Choice
        label={d.settingsTheme}
        value={theme}
        onValue={(value) => void setPref('theme', value)}
        inline
        options={[
          { value: 'system', label: d.themeSystem },
          { value: 'light', label: d.themeLight },
          { value: 'dark', label: d.themeDark },
        ]}
      />
      <Choice
        label={d.language}
        value={language}
        onValue={(value) => void setPref('language', value)}
        inline
        options={[
          { value: 'system', label: d.languageSystem },
          { value: 'en', label: 'English' },
          { value: 'zh-Hans', label: '简体中文' },
        ]}
      />
    </>
  );
}

function Announce() {
  const d = t();
  return (
    <label class={css.check}>
      <input
        type="checkbox"
        checked={prefs.value.announce}
        onChange={(event) => void setPref('announce', event.currentTarget.checked)}
      />
      <span>
        {d.settingsAnnounce}
        <span class={css.hint}>{d.settingsAnnounceHint}</span>
      </span>
    </label>
  );
}

function Session() {
  const d = t();
  return (
    <>
      <div>
        <Button icon={LogOut} onClick={signOut}>
          {d.signOut}
        </Button>
      </div>
      {server.value?.version && <p class={css.hint}>{d.settingsVersion(server.value.version)}</p>}
    </>
  );
}

function AddingChoice() {
  const d = t();
  const choose = async (value: typeof adding.value) => {
    const result = await setAdding(value);
    toast(result.ok ? d.saved : failureText(result.failure), result.ok ? {} : { kind: 'error' });
  };
  return (
    <Choice
      label={d.settingsAddingWho}
      value={adding.value}
      onValue={choose}
      options={[
        { value: 'anyone', label: d.settingsAddingAnyone },
        { value: 'ask', label: d.settingsAddingAsk, hint: d.settingsAddingAskHint },
      ]}
    />
  );
}

function Profile() {
  const d = t();
  const user = me.value;
  const form = useForm(
    { display_name: user?.display_name ?? '' },
    {
      need: ['display_name'],
      async send(values) {
        const result = await editProfile(values.display_name.trim());
        if (!result.ok) {
          return { display_name: refusal(result.failure).display_name ?? failureText(result.failure) };
        }
        toast(d.saved);
      },
    },
  );
  if (!user) {
    return null;
  }
  const name = form.values.display_name;

  return (
    <form class={css.profile} onSubmit={form.submit} noValidate>
      <div class={css.who}>
        <Avatar id={user.id} name={name || user.name} size="xl" />
        <p>
          <span class={css.hint}>{d.accountName}</span>
          <span>@{user.name}</span>
        </p>
      </div>
      <Field
        label={d.accountDisplayName}
        hint={d.accountDisplayNameHint}
        lines={2}
        {...form.field('display_name')}
        name="name"
        autocomplete="name"
        autocapitalize="words"
        maxLength={64}
        required
      />
      <div>
        <Button type="submit" busy={form.busy} disabled={name.trim() === user.display_name}>
          {d.save}
        </Button>
      </div>
    </form>
  );
}
