// Starts the client. The imports without a name listen to the socket or the session, and must before it begins: the code
// of the shell may come later. build/chunks.ts tells when one is missing.
import './features/inbox-link/listen';
import './features/messages/listen';
import './features/rooms/listen';
import './sync/blocks';
import './sync/catchup';
import './sync/history';
import './sync/invitations';
import './sync/live';
import './sync/people';
import './sync/presence';
import './sync/read';
import './sync/rooms';
import './sync/typing';
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
