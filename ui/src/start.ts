// Starts the client. The imports without a name register for events of the socket; features do so themselves.
import './sync/blocks';
import './sync/invitations';
import './sync/live';
import './sync/people';
import { startByKey } from './kit/byKey';
import { startKeyboard } from './kit/keyboard';
import { loadPrefs } from './prefs';
import { startRouter } from './router';
import { resumeSession } from './sync/session';

export { knowsUser } from './sync/session';

/**
 * Called once by main.tsx, before the first render. Sets language, theme and address, then shows what this
 * browser keeps of the last session. Does not wait for the server when there is a copy.
 */
export async function start(): Promise<void> {
  await loadPrefs();
  startRouter();
  startKeyboard();
  startByKey();
  void resumeSession();
}
