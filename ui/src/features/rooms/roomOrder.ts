// The order of rooms in the list. The keys for the next and previous room use the same order.
import { computed } from '@preact/signals';
import type { RoomID } from '../../net/types';
import { route } from '../../router';
import { drafts } from '../../store/drafts';
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

export const shownDirects = computed(() => talks.value.filter((id) => !isFavorite(id)));

export const shownRooms = computed(() => sections.value.rooms.filter((id) => !isFavorite(id)));

/** Rooms first, then conversations. */
export const shownFavorites = computed(() => [...sections.value.rooms, ...talks.value].filter(isFavorite));

/** The room before (-1) or after (1) the open one. Goes around at the ends. `unreadOnly` skips read rooms. */
export function roomBeside(step: 1 | -1, unreadOnly: boolean): RoomID | undefined {
  const order = [...shownFavorites.value, ...shownRooms.value, ...shownDirects.value];
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
