// What is open on the screen.
import type { Message, RoomID, UserID } from './net/types';
import {
  assertive,
  card,
  type DialogName,
  deleting,
  dialog,
  editing,
  type Jump,
  jump,
  panel,
  picker,
  polite,
  type Toast,
  toasts,
} from './store/ui';

let lastID = 0;

/** Shows a line at the bottom of the screen for 5 seconds; 10 with an action. */
export function toast(text: string, more: Partial<Pick<Toast, 'kind' | 'action'>> = {}): void {
  const one: Toast = { id: ++lastID, text, kind: 'info', ...more };
  toasts.value = [...toasts.value, one];
  setTimeout(() => closeToast(one.id), more.action ? 10_000 : 5_000);
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function openDialog(name: DialogName, room?: RoomID, seq?: number): void {
  dialog.value = { name, ...(room === undefined ? {} : { room }), ...(seq === undefined ? {} : { seq }) };
}

export function closeDialog(): void {
  dialog.value = undefined;
}

export function togglePanel(): void {
  panel.value = panel.value ? undefined : 'members';
}

export function closePanel(): void {
  panel.value = undefined;
}

/** Opens the emoji picker at a button. */
export function openPicker(anchor: HTMLElement, pick: (emoji: string) => void): void {
  picker.value = { anchor, pick };
}

export function closePicker(): void {
  picker.value = undefined;
}

/** Opens the card of a person beside an element, with what one can do about them in a room. */
export function openCard(anchor: HTMLElement, room: RoomID, person: UserID): void {
  card.value = { anchor, room, person };
}

export function closeCard(): void {
  card.value = undefined;
}

/** Speaks to screen readers: politely, or at once. */
export function announce(text: string, urgent = false): void {
  const id = ++lastID;
  const region = urgent ? assertive : polite;
  region.value = { id, text };
  // Old words in a live region are found by browsing and by searching, long after they were true.
  setTimeout(() => {
    if (region.peek().id === id) {
      region.value = { id, text: '' };
    }
  }, 7_000);
}

/** Puts the cursor into the composer of the open room. */
export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>('[data-composer]')?.focus();
}

/** Moves the open room's list: to the present, or to a message. */
export function jumpTo(room: RoomID, to: Jump['to']): void {
  jump.value = { id: ++lastID, room, to };
}

/** Opens one's own message for editing in its row. */
export function startEdit(room: RoomID, seq: number): void {
  editing.value = { room, seq };
}

export function stopEdit(): void {
  editing.value = undefined;
}

/** Asks whether a message shall be deleted; nothing ends the question. */
export function askDelete(message: Message | undefined): void {
  deleting.value = message;
}
