// The title of the tab: the number of unread things for this person, and the name of the page. The icon of the tab
// has a dot while a room in the sidebar, or the inbox, shows something unread.
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inbox } from './store/inbox';
import { rooms } from './store/rooms';
import { server } from './store/session';

const page = signal('');

/** The number of unread direct messages, mentions and notifications. */
export const waiting = computed(() => {
  let count = inbox.value.unread;
  for (const room of rooms.value.values()) {
    count += room.kind === 'direct' ? room.unread : room.mentions;
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
    const unread = inbox.value.unread > 0 || [...rooms.value.values()].some((room) => room.unread > 0);
    const icon = document.querySelector('link[rel="icon"]');
    // Written only when it changes: the browser fetches it anew each time.
    const path = unread ? '/icon-unread.svg' : '/icon.svg';
    if (icon && icon.getAttribute('href') !== path) {
      icon.setAttribute('href', path);
    }
  });
  effect(() => {
    const badge = navigator as { setAppBadge?: (count: number) => Promise<void> };
    badge.setAppBadge?.(waiting.value).catch(() => undefined);
  });
}
