// Keeps the people whom the reader has blocked: the welcome lists them, and events follow.
import type { BlockChanged } from '../net/types';
import { blocked } from '../store/blocks';
import { on } from './socket';

on('welcome', (welcome) => {
  blocked.value = new Set(welcome.blocked);
});
on('block.changed', putBlock);

/** Applies a change, from an event or from an answer of the server. */
export function putBlock({ user_id: person, blocked: is }: BlockChanged): void {
  const next = new Set(blocked.peek());
  next[is ? 'add' : 'delete'](person);
  blocked.value = next;
}
