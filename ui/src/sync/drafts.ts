// Drafts: kept in memory at once, and on disk and in other tabs after a pause.
import type { RoomID } from '../net/types';
import { during, perSession, type Timer } from '../perSession';
import { drafts } from '../store/drafts';
import { me } from '../store/session';
import { getAll, getKeys, put, remove } from './db';
import { tellTabs } from './tabs';

const pause = 500;

/** Rooms whose draft is not on disk yet, and the timer that writes them. */
const unsaved = perSession(() => ({ rooms: new Set<RoomID>(), timer: 0 as Timer }));

/** Keeps the draft of a room: in memory at once, on disk and in other tabs after 500 ms. '' deletes it. */
export function setDraft(room: RoomID, text: string): void {
  if ((drafts.peek().get(room) ?? '') === text) {
    return;
  }
  takeDraft(room, text);
  unsaved.now.rooms.add(room);
  clearTimeout(unsaved.now.timer);
  unsaved.now.timer = setTimeout(during(saveDrafts), pause);
}

/** Takes a draft that another tab wrote. */
export function takeDraft(room: RoomID, text: string): void {
  const next = new Map(drafts.peek());
  if (text) {
    next.set(room, text);
  } else {
    next.delete(room);
  }
  drafts.value = next;
}

export function saveDrafts(): void {
  clearTimeout(unsaved.now.timer);
  const user = me.peek();
  for (const room of unsaved.now.rooms) {
    const text = drafts.peek().get(room) ?? '';
    void (text ? put('drafts', room, text) : remove('drafts', room));
    if (user) {
      tellTabs({ kind: 'draft', user: user.id, room, text });
    }
  }
  unsaved.now.rooms.clear();
}

export async function loadDrafts(): Promise<void> {
  const [rooms, texts] = await Promise.all([getKeys('drafts'), getAll('drafts')]);
  drafts.value = new Map(rooms.map((room, i) => [room, texts[i] ?? '']));
}

addEventListener('pagehide', saveDrafts);
document.addEventListener('visibilitychange', () => document.hidden && saveDrafts());
