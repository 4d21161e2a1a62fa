// Shows a page for those who are not signed in, or the shell.
import { useEffect, useState } from 'preact/hooks';
import { Starting } from './features/shell/Starting';
import { firstPageStands, lazy } from './kit/lazy';
import { go, route } from './router';
import { session } from './store/session';

const waiting = () => <Starting />;
const Register = lazy(() => import('./features/join/Register').then((it) => it.Register), { waiting });
const Reset = lazy(() => import('./features/reset/Reset').then((it) => it.Reset), { waiting });
const Toasts = lazy(() => import('./later').then((it) => it.Toasts));
/** Fetched ahead too: the session may end while the server cannot be reached. */
export const SignIn = lazy(() => import('./features/entry/SignIn').then((it) => it.SignIn), {
  waiting,
  ahead: true,
});
export const Shell = lazy(() => import('./features/shell/Shell').then((it) => it.Shell), { waiting });
const Setup = lazy(() => import('./features/join/Setup').then((it) => it.Setup), { waiting });

export function App() {
  return (
    <>
      <Page />
      <Toasts />
    </>
  );
}

function Page() {
  // The first run has a second step, which comes after its account is signed in.
  const [settingUp, setSettingUp] = useState(false);
  const state = session.value;
  const at = route.value;

  useEffect(() => {
    if (state !== 'starting') {
      firstPageStands();
      // It comes while somebody types who they are. Whoever is signed in has it already.
      addEventListener('input', () => void Shell.fetch(), { once: true });
    }
  }, [state]);
  if (state === 'starting') {
    return <Starting />;
  }
  if (state === 'set-up' || settingUp) {
    if (!settingUp) {
      setSettingUp(true);
    }
    return <Setup onDone={() => setSettingUp(false)} />;
  }
  // Also for those who are signed in: the link may be for another account.
  if (at.name === 'reset') {
    return <Reset key={at.code} code={at.code} />;
  }
  if (state === 'signed-out') {
    switch (at.name) {
      case 'invite':
        return <Register key={at.code} code={at.code} />;
      case 'register':
        return <Register />;
      default:
        return <SignIn />;
    }
  }
  if (at.name === 'sign-in' || at.name === 'register' || at.name === 'invite' || at.name === 'setup') {
    return <Inside />;
  }
  return <Shell />;
}

/** Sends a signed-in person away from the pages for those who are not. */
function Inside() {
  useEffect(() => go({ name: 'list' }, true), []);
  return <Starting />;
}
