// How wide the window is: which of the three layouts holds.
import { computed, signal } from '@preact/signals';

const phoneQuery = matchMedia('(width < 700px)');
const wideQuery = matchMedia('(width >= 1100px)');
const phoneNow = signal(phoneQuery.matches);
const wideNow = signal(wideQuery.matches);
phoneQuery.addEventListener('change', () => {
  phoneNow.value = phoneQuery.matches;
});
wideQuery.addEventListener('change', () => {
  wideNow.value = wideQuery.matches;
});

/** One pane at a time. */
export const isPhone = computed(() => phoneNow.value);

/** Room for the panel beside the conversation. */
export const isWide = computed(() => wideNow.value);
