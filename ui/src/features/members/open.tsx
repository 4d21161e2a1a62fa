// Opens the panel of a room's members, the card of one of them, and the dialog that adds some.
import { signal } from '@preact/signals';
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import { Skeleton } from '../../kit/Skeleton';
import type { RoomID, UserID } from '../../net/types';

const Add = lazy(() => import('./AddMembers').then((it) => it.AddMembers), { ahead: true });

export const MembersPanel = lazy(() => import('./MembersPanel').then((it) => it.MembersPanel), {
  waiting: () => <Skeleton rows={6} />,
});
export const PersonCard = lazy(() => import('./PersonCard').then((it) => it.PersonCard));

export const openAddMembers = (room: RoomID) => openDialog(<Add room={room} />);

/** Is the panel open? The shell shows it beside a room. */
export const panelOpen = signal(false);

export function togglePanel(): void {
  panelOpen.value = !panelOpen.value;
}

export function closePanel(): void {
  panelOpen.value = false;
}

/** The card of a person: where it points, and the room it is about. The shell shows it. */
export interface CardRequest {
  anchor: HTMLElement;
  room: RoomID;
  person: UserID;
}

export const card = signal<CardRequest | undefined>(undefined);

/** Opens the card of a person beside an element, with what one can do about them in a room. */
export function openCard(anchor: HTMLElement, room: RoomID, person: UserID): void {
  card.value = { anchor, room, person };
}

export function closeCard(): void {
  card.value = undefined;
}
