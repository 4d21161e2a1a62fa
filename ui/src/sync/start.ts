// The start of the client.
import { loadPrefs } from '../actions_prefs';
import { announce } from '../actions_ui';
import { failureText, t } from '../i18n';
import { startKeyboard } from '../keyboard';
import { startRouter } from '../router';
import { onRefused } from './outbox';
import { resumeSession } from './session';

/**
 * Called once by main.tsx: `await start()` and render. Language, theme and address first, then what this browser
 * keeps of the last session; it does not wait for the server when there is a copy.
 */
export async function start(): Promise<void> {
  await loadPrefs();
  startRouter();
  startKeyboard();
  onRefused((one) => announce(t().notSentWhy(failureText({ code: one.code ?? 'internal' })), true));
  void resumeSession();
}
