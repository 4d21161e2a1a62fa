// The title of the tab: the number of unread things for this person, and the name of the page.
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inbox } from './store/inbox';
import { rooms, unread } from './store/rooms';
import { server } from './store/session';

const page = signal('');

/** The number of unread direct messages, mentions and notifications. */
export const waiting = computed(() => {
  let count = inbox.value.unread;
  for (const room of rooms.value.values()) {
    count += room.kind === 'direct' ? unread(room) : room.mentions;
  }
  return count;
});

/** Shows a text in the tab's title while the component is shown. */
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
