// The title of the tab: what is open, and in front of it how much waits for the person.
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inbox } from './store/inbox';
import { rooms, unread } from './store/rooms';
import { server } from './store/session';

const page = signal('');

/** Unread direct messages, mentions and notifications: what is for this person. */
export const waiting = computed(() => {
  let count = inbox.value.unread;
  for (const room of rooms.value.values()) {
    count += room.kind === 'direct' ? unread(room) : room.mentions;
  }
  return count;
});

/** Names the page in the tab while the component is shown. */
export function useTitle(text: string): void {
  useEffect(() => {
    page.value = text;
  }, [text]);
}

/** Called once by main.tsx. */
export function startTitle(): void {
  effect(() => {
    const name = server.value?.name || 'Parley';
    const count = waiting.value ? `(${waiting.value}) ` : '';
    document.title = count + (page.value && page.value !== name ? `${page.value} · ${name}` : name);
  });
  effect(() => {
    const badge = navigator as { setAppBadge?: (count: number) => Promise<void> };
    badge.setAppBadge?.(waiting.value).catch(() => undefined);
  });
}
