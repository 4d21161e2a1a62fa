// Keys while nothing has the focus: a letter goes into the composer, Esc marks the room read.
import { useEffect } from 'preact/hooks';
import { focusComposer, markRead } from '../actions';
import type { RoomID } from '../store/rooms';
import { dialog } from '../store/ui';
import { composing } from './enter';

export function useAnywhere(room: RoomID): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const free = document.activeElement === document.body && !dialog.peek() && !composing(event);
      if (!free || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      if (event.key === 'Escape') {
        markRead(room);
      } else if (event.key.length === 1 && event.key !== ' ' && event.key !== '?') {
        focusComposer();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [room]);
}
