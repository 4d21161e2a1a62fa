// One's own settings: profile, appearance, accessibility, password, and the way out.
import { LogOut } from 'lucide';
import { useState } from 'preact/hooks';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { Choice } from '../../kit/Choice';
import { Field } from '../../kit/Field';
import { toast } from '../../kit/toasts';
import { setPref } from '../../prefs';
import { prefs } from '../../store/prefs';
import { me, server } from '../../store/session';
import { type FieldErrors, missing, refusal } from '../account/errors';
import { PaneHead } from '../page/PaneHead';
import css from '../page/Sections.module.css';
import { signOut } from '../sign-out/open';
import { failureText } from '../words/failures';
import { editProfile } from './actions';
import { SettingsPassword } from './Password';
import { t } from './texts';

export function Settings() {
  const d = t();
  const { theme, language, announce } = prefs.value;
  return (
    <>
      <PaneHead title={d.settings} />
      <div class={css.page}>
        <section class={css.section}>
          <h2 class={css.title}>{d.settingsProfile}</h2>
          <Profile />
        </section>
        <section class={css.section}>
          <h2 class={css.title}>{d.settingsAppearance}</h2>
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
        </section>
        <section class={css.section}>
          <h2 class={css.title}>{d.settingsAccessibility}</h2>
          <label class={css.check}>
            <input
              type="checkbox"
              checked={announce}
              onChange={(event) => void setPref('announce', event.currentTarget.checked)}
            />
            <span>
              {d.settingsAnnounce}
              <span class={css.hint}>{d.settingsAnnounceHint}</span>
            </span>
          </label>
        </section>
        <section class={css.section}>
          <h2 class={css.title}>{d.settingsPassword}</h2>
          <SettingsPassword />
        </section>
        <section class={css.section}>
          <h2 class={css.title}>{d.settingsSession}</h2>
          <div>
            <Button kind="danger" icon={LogOut} onClick={signOut}>
              {d.signOut}
            </Button>
          </div>
          {server.value?.version && <p class={css.hint}>{d.settingsVersion(server.value.version)}</p>}
        </section>
      </div>
    </>
  );
}

function Profile() {
  const d = t();
  const user = me.value;
  const [name, setName] = useState(user?.display_name ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  if (!user) {
    return null;
  }

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ display_name: name });
    setErrors(wrong);
    if (wrong.display_name) {
      return;
    }
    setBusy(true);
    const result = await editProfile(name.trim());
    setBusy(false);
    if (result.ok) {
      toast(d.saved);
    } else {
      const refused = refusal(result.failure);
      setErrors({ display_name: refused.display_name ?? failureText(result.failure) });
    }
  };

  return (
    <form class={css.profile} onSubmit={submit} noValidate>
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
        value={name}
        onValue={setName}
        error={errors.display_name}
        name="name"
        autocomplete="name"
        maxLength={64}
        required
      />
      <div>
        <Button type="submit" busy={busy} disabled={name.trim() === user.display_name}>
          {d.save}
        </Button>
      </div>
    </form>
  );
}
