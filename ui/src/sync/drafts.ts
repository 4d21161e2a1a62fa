// Drafts: in memory at once, on disk and in the other tabs after a pause.
import type { RoomID } from '../net/types';
import { drafts } from '../store/drafts';
import { me } from '../store/session';
import { getAll, getKeys, put, remove } from './db';
import { tellTabs } from './tabs';

const pause = 500;
const dirty = new Set<RoomID>();
let timer = 0;

/** Keeps the draft of a room: at once in memory, after 500 ms on disk and in the other tabs. '' drops it. */
export function setDraft(room: RoomID, text: string): void {
  if ((drafts.peek().get(room) ?? '') === text) {
    return;
  }
  takeDraft(room, text);
  dirty.add(room);
  clearTimeout(timer);
  timer = setTimeout(saveDrafts, pause);
}

/** Another tab wrote it. */
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
  clearTimeout(timer);
  const user = me.peek();
  for (const room of dirty) {
    const text = drafts.peek().get(room) ?? '';
    void (text ? put('drafts', room, text) : remove('drafts', room));
    if (user) {
      tellTabs({ kind: 'draft', user: user.id, room, text });
    }
  }
  dirty.clear();
}

export async function loadDrafts(): Promise<void> {
  const [rooms, texts] = await Promise.all([getKeys('drafts'), getAll('drafts')]);
  drafts.value = new Map(rooms.map((room, i) => [room, texts[i] ?? '']));
}

/** Forgets what waits to be written, when the session ends. */
export function resetDrafts(): void {
  clearTimeout(timer);
  dirty.clear();
  drafts.value = new Map();
}

addEventListener('pagehide', saveDrafts);
document.addEventListener('visibilitychange', () => document.hidden && saveDrafts());
