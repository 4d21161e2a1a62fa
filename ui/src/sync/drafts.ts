// Drafts: kept in memory at once, and on disk and in other tabs after a pause.
//
// A browser may drop a write to IndexedDB that has begun when the page goes. So a page that goes also writes
// its last drafts to localStorage, which is written when setItem returns. The next page puts them where they
// belong.
import type { RoomID, UserID } from '../net/types';
import { during, perSession, type Timer } from '../perSession';
import { drafts } from '../store/drafts';
import { me } from '../store/session';
import { getAll, getKeys, put, remove } from './db';
import { tellTabs } from './tabs';

const pause = 500;

/** Rooms whose draft is not on disk yet, and the timer that writes them. */
const unsaved = perSession(() => ({ rooms: new Set<RoomID>(), timer: 0 as Timer }));

const textOf = (room: RoomID) => drafts.peek().get(room) ?? '';

/** Keeps the draft of a room: in memory at once, on disk and in other tabs after 500 ms. '' deletes it. */
export function setDraft(room: RoomID, text: string): void {
  if (textOf(room) === text) {
    return;
  }
  keep(room, text);
  unsaved.now.rooms.add(room);
  clearTimeout(unsaved.now.timer);
  unsaved.now.timer = setTimeout(during(saveDrafts), pause);
}

/** Takes a draft that another tab wrote, unless this one has something newer of its own. */
export function takeDraft(room: RoomID, text: string): void {
  if (!unsaved.now.rooms.has(room)) {
    keep(room, text);
  }
}

function keep(room: RoomID, text: string): void {
  const next = new Map(drafts.peek());
  if (text) {
    next.set(room, text);
  } else {
    next.delete(room);
  }
  drafts.value = next;
}

/** A draft is unsaved until it is on disk: the write may be dropped, or fail. */
export async function saveDrafts(): Promise<void> {
  const { rooms, timer } = unsaved.now;
  clearTimeout(timer);
  const user = me.peek();
  const save = async (room: RoomID) => {
    const text = textOf(room);
    if (user) {
      tellTabs({ kind: 'draft', user: user.id, room, text });
    }
    if ((await (text ? put('drafts', room, text) : remove('drafts', room))) && textOf(room) === text) {
      rooms.delete(room);
    }
  };
  await Promise.all([...rooms].map(save));
}

/** Reads what is kept for a person. Ignores what a page left for another. */
export async function loadDrafts(user: UserID): Promise<void> {
  const [rooms, texts] = await Promise.all([getKeys('drafts'), getAll('drafts')]);
  drafts.value = new Map(rooms.map((room, i) => [room, texts[i] ?? '']));
  for (const [room, text] of left(user)) {
    keep(room, text);
    unsaved.now.rooms.add(room);
  }
  await saveDrafts();
  forgetLeft();
}

const key = 'parley.drafts';

interface Left {
  user: UserID;
  drafts: readonly (readonly [RoomID, string])[];
}

function leave(): void {
  const user = me.peek()?.id;
  if (user && unsaved.now.rooms.size > 0) {
    const left = [...unsaved.now.rooms].map((room) => [room, textOf(room)] as const);
    try {
      localStorage.setItem(key, JSON.stringify({ user, drafts: left } satisfies Left));
    } catch {
      // Storage is full or forbidden. The write to IndexedDB may still succeed.
    }
  }
  void saveDrafts();
}

function left(user: UserID): Left['drafts'] {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Left>;
    return (found.user === user && found.drafts) || [];
  } catch {
    return [];
  }
}

/** Forgets what a page left. */
export function forgetLeft(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}

addEventListener('pagehide', leave);
document.addEventListener('visibilitychange', () => document.hidden && void saveDrafts());
