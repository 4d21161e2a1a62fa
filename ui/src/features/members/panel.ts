// Whether the panel of members is open, and whose card is. The shell shows both.
import type { RoomID, UserID } from '../../net/types';
import { sessionSignal } from '../../perSession';

/** Is the panel open? */
export const panelOpen = sessionSignal(false);

export function togglePanel(): void {
  panelOpen.value = !panelOpen.value;
}

export function closePanel(): void {
  panelOpen.value = false;
}

/** The card of a person: the element it points at, and the room it is about. */
export interface CardRequest {
  anchor: HTMLElement;
  room: RoomID;
  person: UserID;
}

export const card = sessionSignal<CardRequest | undefined>(undefined);

/** Opens the card of a person beside an element, with what can be done about them in a room. */
export function openCard(anchor: HTMLElement, room: RoomID, person: UserID): void {
  card.value = { anchor, room, person };
}

export function closeCard(): void {
  card.value = undefined;
}
