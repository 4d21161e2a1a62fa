// Opens the emoji picker, which the shell shows.

import { sessionSignal } from '../../perSession';

/** Where the picker points, and what happens with the choice. */
interface PickerRequest {
  anchor: HTMLElement;
  pick: (emoji: string) => void;
}

export const picker = sessionSignal<PickerRequest | undefined>(undefined);

/** Opens the emoji picker at a button. */
export function openPicker(anchor: HTMLElement, pick: (emoji: string) => void): void {
  picker.value = { anchor, pick };
}

export function closePicker(): void {
  picker.value = undefined;
}
