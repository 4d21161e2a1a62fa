// Asks for people's presence, and reports the person's own: away five seconds after the page is hidden.
import { effect } from '@preact/signals';
import type { PresenceChanged, PresenceState, UserID } from '../net/types';
import { during, perSession, type Timer } from '../perSession';
import { onlineCount, presence } from '../store/presence';
import { away } from '../store/session';
import { on, onOnline, socket } from './socket';

const settle = 5_000;
const most = 500;

const watch = perSession(() => ({
  /** Who is on the screen, by the part of the screen that shows them. */
  shown: new Map<string, readonly UserID[]>(),
  /** The people that the server was asked about. */
  told: '',
  timer: 0 as Timer,
}));

// The state of the page, whoever is signed in.
let state: PresenceState = 'online';
let stateTimer = 0;

on('presence.changed', presenceChanged);
onOnline(presenceOnline);
effect(() => {
  if (away.value) {
    // Nobody knows while the server is away.
    presence.value = new Map();
  }
});

/** Asks for the presence of people. Each part of the screen has its own `by`. An empty list ends it. */
export function watchPeople(by: string, ids: readonly UserID[]): void {
  const { shown, timer } = watch.now;
  if (ids.length) {
    shown.set(by, ids);
  } else {
    shown.delete(by);
  }
  clearTimeout(timer);
  watch.now.timer = setTimeout(during(tellWatched), 100);
}

function tellWatched(): void {
  const mine = watch.now;
  const ids = [...new Set([...mine.shown.values()].flat())].sort((a, b) => a - b).slice(0, most);
  const key = ids.join();
  if (key === mine.told || !socket.online) {
    return;
  }
  mine.told = key;
  socket.request('presence.watch', { user_ids: ids }).then(during(presenceChanged), () => {
    mine.told = '';
  });
}

function presenceChanged(changed: PresenceChanged): void {
  const next = new Map(presence.peek());
  for (const one of changed.presence) {
    next.set(one.user_id, one);
  }
  presence.value = next;
  onlineCount.value = changed.online;
}

/** Asks and reports again, because the server knows nothing about a new connection. */
function presenceOnline(): void {
  watch.now.told = '';
  tellWatched();
  if (state === 'away') {
    socket.tell('presence.set', { state });
  }
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
