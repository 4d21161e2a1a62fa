// Choices of this browser, kept in localStorage. Written by setPref only.
import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'system' | 'en' | 'zh-Hans';

export interface Prefs {
  theme: Theme;
  language: Language;
  /** Read new messages of the open room to screen readers. */
  announce: boolean;
  /** Up to 6, the newest first. */
  recentEmoji: readonly string[];
  /** The sections of the room list that are closed. */
  closed: readonly string[];
  /** Favorites, each as person:room, of when the browser kept them: features/rooms/favorites.ts. */
  favorites: readonly string[];
}

export const defaultPrefs: Prefs = {
  theme: 'system',
  language: 'system',
  announce: true,
  recentEmoji: ['👍', '❤️', '😄', '🎉', '👀', '🙏'],
  closed: [],
  favorites: [],
};

export const prefs = signal<Prefs>(defaultPrefs);
