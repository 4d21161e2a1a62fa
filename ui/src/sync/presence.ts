// Whose presence is watched, and one's own: away five seconds after the page is hidden.
import type { PresenceChanged, PresenceState, UserID } from '../net/types';
import { onlineCount, presence } from '../store/presence';
import { socket } from './live';

const settle = 5_000;
const most = 500;
const watched = new Map<string, readonly UserID[]>();
let told = '';
let watchTimer = 0;
let stateTimer = 0;
let state: PresenceState = 'online';

/** Says who is on the screen. Each part of the screen has its own `by`; an empty list ends it. */
export function watchPeople(by: string, ids: readonly UserID[]): void {
  if (ids.length) {
    watched.set(by, ids);
  } else {
    watched.delete(by);
  }
  clearTimeout(watchTimer);
  watchTimer = setTimeout(watch, 100);
}

function watch(): void {
  const ids = [...new Set([...watched.values()].flat())].sort((a, b) => a - b).slice(0, most);
  const key = ids.join();
  if (key === told || !socket.online) {
    return;
  }
  told = key;
  socket.request('presence.watch', { user_ids: ids }).then(presenceChanged, () => {
    told = '';
  });
}

export function presenceChanged(changed: PresenceChanged): void {
  const next = new Map(presence.peek());
  for (const one of changed.presence) {
    next.set(one.user_id, one);
  }
  presence.value = next;
  onlineCount.value = changed.online;
}

/** The socket is new: the server knows nothing of it. */
export function presenceOnline(): void {
  told = '';
  watch();
  if (state === 'away') {
    socket.tell('presence.set', { state });
  }
}

export function resetPresence(): void {
  watched.clear();
  presence.value = new Map();
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(stateTimer);
  stateTimer = setTimeout(
    () => {
      const next = document.hidden ? 'away' : 'online';
      if (next !== state) {
        state = next;
        socket.tell('presence.set', { state });
      }
    },
    document.hidden ? settle : 0,
  );
});
