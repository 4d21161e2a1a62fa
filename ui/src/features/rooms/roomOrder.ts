// The order of rooms in the list. The keys for the next and previous room use the same order.
import { computed } from '@preact/signals';
import type { RoomID } from '../../net/types';
import { perSession, sessionSignal } from '../../perSession';
import { route } from '../../router';
import { drafts } from '../../store/drafts';
import { prefs } from '../../store/prefs';
import { rooms, sections } from '../../store/rooms';
import { started } from '../../store/started';

const open = computed(() => (route.value.name === 'room' ? route.value.room : undefined));

// A string, because an equal string does not make the list render again when some room gets a message.
const directs = computed(() =>
  sections.value.directs
    .filter((id) => {
      const room = rooms.value.get(id);
      if (!room || id === open.value || drafts.value.has(id)) {
        return Boolean(room);
      }
      return room.seq >= (room.hidden_until ?? 0) && (room.seq > 0 || started.value.has(id));
    })
    .join(' '),
);

// A string for the same reason.
const favorites = computed(() =>
  [...rooms.value.values()]
    .filter((room) => room.favorite)
    .map((room) => room.id)
    .join(' '),
);

const favored = computed(() => new Set(favorites.value.split(' ').map(Number)));

/** Does the room stand among the favorites? Reads signals. */
const isFavorite = (id: RoomID): boolean => favored.value.has(id);

// Leaves out direct rooms that are hidden or have no message, unless they are open, have a draft, or were begun
// here.
const talks = computed(() => directs.value.split(' ').filter(Boolean).map(Number));

const others = (ids: readonly RoomID[]) => ids.filter((id) => !isFavorite(id));

const current = computed(() => {
  const { closed } = prefs.value;
  const all = {
    // Rooms first, then conversations.
    favorites: [...sections.value.rooms, ...talks.value].filter(isFavorite),
    rooms: others(sections.value.rooms),
    directs: others(talks.value),
  };
  // A closed section still shows the open room and what is unread.
  const shown = (section: keyof typeof all) =>
    closed.includes(section)
      ? all[section].filter((id) => rooms.value.get(id)?.unread || id === open.value)
      : all[section];
  return {
    all,
    favorites: shown('favorites'),
    rooms: shown('rooms'),
    directs: shown('directs'),
    closed,
  };
});

/** Somebody is at the list: no row moves, comes or goes by itself, so that they press what they saw. */
export const listHeld = sessionSignal(false);

const last = perSession(() => ({ list: current.peek() }));

/** The rows of the list. */
export const list = computed(() => {
  const next = current.value;
  const { list: before } = last.now;
  const has = ({ favorites, rooms, directs }: typeof next) =>
    [...favorites, ...rooms, ...directs].includes(open.value ?? 0);
  if (!listHeld.value || before.closed !== next.closed || (has(next) && !has(before))) {
    last.now.list = next;
  }
  return last.now.list;
});

/** The room before (-1) or after (1) the open one. Goes around at the ends. `unreadOnly` skips read rooms. */
export function roomBeside(step: 1 | -1, unreadOnly: boolean): RoomID | undefined {
  const order = Object.values(list.value.all).flat();
  const at = open.value === undefined ? -1 : order.indexOf(open.value);
  const start = at < 0 && step < 0 ? 0 : at;
  for (let i = 1; i <= order.length; i++) {
    const id = order[(start + step * i + order.length * 2) % order.length];
    const room = id === undefined ? undefined : rooms.value.get(id);
    if (room && id !== open.value && (!unreadOnly || room.unread > 0)) {
      return id;
    }
  }
  return undefined;
}
