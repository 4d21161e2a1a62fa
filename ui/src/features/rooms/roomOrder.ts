// The rooms as the list shows them, from top to bottom; the keys that walk through rooms follow the same order.
import { computed } from '@preact/signals';
import type { RoomID } from '../../net/types';
import { route } from '../../router';
import { drafts } from '../../store/drafts';
import { rooms, sections, unread } from '../../store/rooms';
import { started } from '../../store/started';

const open = computed(() => (route.value.name === 'room' ? route.value.room : undefined));

// As text, so that a message in some room does not make the list render anew.
const directs = computed(() =>
  sections.value.directs
    .filter((id) => {
      const room = rooms.value.get(id);
      return room && (room.seq > 0 || id === open.value || started.value.has(id) || drafts.value.has(id));
    })
    .join(' '),
);

/** Direct rooms without a message are left out, unless they are open or begun here. */
export const shownDirects = computed(() => directs.value.split(' ').filter(Boolean).map(Number));

export const shownRooms = computed(() => sections.value.rooms);

/** The room before (-1) or after (1) the open one, around the ends; only unread ones when asked. */
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
