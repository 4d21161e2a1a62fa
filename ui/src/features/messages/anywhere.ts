// Keys of the room that work wherever the focus is: Alt+End scrolls to the end. A letter goes into the composer unless
// it is typed into a field. While nothing has the focus, Esc marks the room read.
import { useEffect } from 'preact/hooks';
import { isCovered } from '../../kit/covered';
import { composing } from '../../kit/enter';
import { focusComposer } from '../../kit/focus';
import type { RoomID } from '../../store/rooms';
import { markRead } from './history';
import { jumpTo } from './jump';

export function useAnywhere(room: RoomID): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isCovered()) {
        return;
      }
      if (event.altKey && event.key === 'End') {
        event.preventDefault();
        jumpTo(room, 'end');
        return;
      }
      const at = document.activeElement;
      // Buttons, links and rows take no letters.
      const writing = at?.matches('input, select, textarea') || composing(event);
      if (writing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      // On touch, the heading has the focus after a room was opened.
      if (event.key === 'Escape' && at?.matches('body, h1')) {
        markRead(room);
      } else if (event.key.length === 1 && event.key !== ' ' && event.key !== '?') {
        focusComposer();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [room]);
}
