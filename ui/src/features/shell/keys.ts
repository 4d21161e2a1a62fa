// Keys that work wherever the focus is. Keys of one part are handled in that part.
import { useLayoutEffect } from 'preact/hooks';
import { isCovered } from '../../kit/covered';
import { dialog, question } from '../../kit/dialogs';
import { isWide } from '../../kit/layout';
import { go } from '../../router';
import { closePanel, panelOpen } from '../members/panel';
import { roomBeside } from '../rooms/roomOrder';
import { openShortcuts } from '../shortcuts/open';
import { openSwitcher } from '../switcher/open';

/** The values of data-region, in the order that F6 goes through them. */
const regions = ['rooms', 'list', 'main', 'panel'];

export function useKeys(): void {
  // Runs before the page is painted: a person who sees it may press a key.
  useLayoutEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function pressed(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) {
    return;
  }
  if (act(event)) {
    event.preventDefault();
  }
}

function act(event: KeyboardEvent): boolean {
  const { key, altKey, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (control && !altKey && !shiftKey && key.toLowerCase() === 'k') {
    // The switcher replaces an open dialog, but not a question that waits for its answer.
    if (!question.peek() && (dialog.peek() || !document.querySelector('dialog[open]'))) {
      openSwitcher();
    }
    return true;
  }
  // A dialog, menu or card over the page gets all other keys.
  if (isCovered()) {
    return false;
  }
  if ((control && key === '/') || (key === '?' && !control && !altKey && !writing())) {
    openShortcuts();
    return true;
  }
  if (altKey && !control && (key === 'ArrowUp' || key === 'ArrowDown')) {
    const to = roomBeside(key === 'ArrowUp' ? -1 : 1, shiftKey);
    if (to !== undefined) {
      go({ name: 'room', room: to });
    }
    return true;
  }
  if (key === 'F6') {
    toRegion(shiftKey ? -1 : 1);
    return true;
  }
  if (key === 'Escape' && panelOpen.peek() && leavesPanel()) {
    closePanel();
    return true;
  }
  return false;
}

function writing(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.matches('input, textarea, select') || at.isContentEditable);
}

/** Esc closes the panel when the focus is inside it, or when the panel covers the conversation. */
function leavesPanel(): boolean {
  return !isWide.peek() || document.activeElement?.closest('[data-region="panel"]') !== null;
}

function toRegion(step: 1 | -1): void {
  const shown = regions
    .map((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`))
    .filter((region) => region !== null);
  const here = document.activeElement?.closest<HTMLElement>('[data-region]');
  const at = here ? shown.indexOf(here) : Math.min(0, -step);
  const next = shown.at((at + step) % shown.length);
  if (next?.closest('[inert]')) {
    // The panel covers it. It goes, and gives the focus back itself first.
    closePanel();
    setTimeout(enter, 0, next);
  } else {
    enter(next);
  }
}

function enter(next: HTMLElement | undefined): void {
  const first = next?.dataset.region === 'list' ? 'article[tabindex="0"]' : '[data-composer]';
  const inside =
    next?.querySelector<HTMLElement>(first) ??
    next?.querySelector<HTMLElement>('[aria-current="page"]') ??
    next?.querySelector<HTMLElement>('a[href]:not([tabindex="-1"]), button:not([tabindex="-1"]), input');
  inside?.focus();
}
