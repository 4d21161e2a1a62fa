// The start of the client: who listens to the socket, then language, address, and what this browser keeps.
import './sync/live';
import './sync/people';
import './features/inbox-link/listen';
import './features/messages/listen';
import './features/rooms/listen';
import { startKeyboard } from './kit/keyboard';
import { loadPrefs } from './prefs';
import { startRouter } from './router';
import { resumeSession } from './sync/session';

/**
 * Called once by main.tsx: `await start()` and render. Language, theme and address first, then what this browser
 * keeps of the last session; it does not wait for the server when there is a copy.
 */
export async function start(): Promise<void> {
  await loadPrefs();
  startRouter();
  startKeyboard();
  void resumeSession();
}
