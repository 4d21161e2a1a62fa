// What is open on the screen. Written by actions_ui.ts only.
import { signal } from '@preact/signals';
import type { Message, RoomID, UserID } from '../net/types';

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
  action?: { label: string; run: () => void };
}

/** The newest last. parts/Toast.tsx shows them; they leave by themselves. */
export const toasts = signal<readonly Toast[]>([]);

export type DialogName =
  | 'switcher'
  | 'create-room'
  | 'browse'
  | 'direct'
  | 'invite'
  | 'add-members'
  | 'edit-room'
  | 'sign-out'
  | 'shortcuts'
  | 'reactions';

/** The dialog that is open; `room` for those that are about one, `seq` for those about a message. */
export const dialog = signal<{ name: DialogName; room?: RoomID; seq?: number } | undefined>(undefined);

/** The right-hand panel. */
export const panel = signal<'members' | undefined>(undefined);

/** The emoji picker: where it points, what happens with the choice. The shell shows it (a lazy chunk). */
export interface PickerRequest {
  anchor: HTMLElement;
  pick: (emoji: string) => void;
}
export const picker = signal<PickerRequest | undefined>(undefined);

/** The card of a person: where it points, and the room it is about. The shell shows it (a lazy chunk). */
export interface CardRequest {
  anchor: HTMLElement;
  room: RoomID;
  person: UserID;
}
export const card = signal<CardRequest | undefined>(undefined);

/** What parts/Announcer.tsx says next; `id` so that the same words are said twice. */
export interface Announcement {
  id: number;
  text: string;
}
export const polite = signal<Announcement>({ id: 0, text: '' });
export const assertive = signal<Announcement>({ id: 0, text: '' });

/** Where the open room's list shall go. `id` so that the same place can be asked for twice. */
export interface Jump {
  id: number;
  room: RoomID;
  to: 'end' | { seq: number };
}
export const jump = signal<Jump | undefined>(undefined);

/** The message of one's own that is being edited. */
export const editing = signal<{ room: RoomID; seq: number } | undefined>(undefined);

/** The message that is asked about before it is deleted. */
export const deleting = signal<Message | undefined>(undefined);
