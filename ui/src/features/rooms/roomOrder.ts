// The order of rooms in the list. The keys for the next and previous room use the same order.
import { computed } from '@preact/signals';
import type { RoomID } from '../../net/types';
import { route } from '../../router';
import { drafts } from '../../store/drafts';
import { rooms, sections, unread } from '../../store/rooms';
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

/** Leaves out direct rooms that are hidden or have no message, unless they are open, have a draft, or were begun here. */
export const shownDirects = computed(() => directs.value.split(' ').filter(Boolean).map(Number));

export const shownRooms = computed(() => sections.value.rooms);

/** The room before (-1) or after (1) the open one. Goes around at the ends. `unreadOnly` skips read rooms. */
export function roomBeside(step: 1 | -1, unreadOnly: boolean): RoomID | undefined {
  const order = [...shownRooms.value, ...shownDirects.value];
  const at = open.value === undefined ? -1 : order.indexOf(open.value);
  const start = at < 0 && step < 0 ? 0 : at;
  for (let i = 1; i <= order.length; i++) {
    const id = order[(start + step * i + order.length * 2) % order.length];
    const room = id === undefined ? undefined : rooms.value.get(id);
    if (room && id !== open.value && (!unreadOnly || unread(room) > 0)) {
      return id;
    }
  }
  return undefined;
}
