// The start of the client.
import { speaker } from './features/announcer/speaker';
import { failureText, formatList, t } from './i18n';
import { announce } from './kit/announce';
import { startKeyboard } from './kit/keyboard';
import { toast } from './kit/toasts';
import { loadPrefs } from './prefs';
import { startRouter } from './router';
import { nameOf, titleOf } from './store/people';
import { onNotified, onRemoved } from './sync/live';
import { onRefused } from './sync/outbox';
import { resumeSession } from './sync/session';

/**
 * Called once by main.tsx: `await start()` and render. Language, theme and address first, then what this browser
 * keeps of the last session; it does not wait for the server when there is a copy.
 */
export async function start(): Promise<void> {
  await loadPrefs();
  startRouter();
  startKeyboard();
  onRefused((one) => announce(t().notSentWhy(failureText({ code: one.code ?? 'internal' })), true));
  onRemoved((room) => toast(t().roomNoLonger(titleOf(room, formatList))));
  const voice = speaker((n) => t().newNotifications(n));
  onNotified((one) => voice.say(() => t().said(nameOf(one.sender_id), one.title)));
  void resumeSession();
}
