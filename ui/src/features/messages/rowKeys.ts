// The keys of the message list: arrows move between rows, Enter goes into a row's toolbar, Esc to the
// composer.
import { focusComposer } from '../../kit/focus';
import { me } from '../../store/session';
import { startEdit } from '../message-dialogs/editing';
import type { ListView } from './listView';

export function rowKeys(event: KeyboardEvent, view: ListView): void {
  const target = event.target;
  if (
    !(target instanceof HTMLElement) ||
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  ) {
    return;
  }
  const row = target.closest('article');
  if (!row || target.closest('textarea, dialog, [popover]')) {
    return;
  }
  const act = target === row ? onRow(event.key, row, view) : inRow(event.key, row, target);
  if (act) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function onRow(key: string, row: HTMLElement, view: ListView): boolean {
  const all = view.articles();
  const at = all.indexOf(row);
  switch (key) {
    case 'ArrowUp':
      all[at - 1]?.focus();
      return true;
    case 'ArrowDown':
      all[at + 1]?.focus();
      return true;
    case 'Home':
      all[0]?.focus();
      return true;
    case 'End':
      view.toEnd();
      requestAnimationFrame(() => view.articles().at(-1)?.focus());
      return true;
    case 'Enter':
      toActions(row);
      return true;
    case 'Escape':
      focusComposer();
      return true;
    case 'e':
      return edit(row, view);
    default:
      return false;
  }
}

/** Puts the focus on the row's first action. The toolbar does it itself when its code comes later. */
function toActions(row: HTMLElement): void {
  const bar = row.querySelector<HTMLElement>('[role="toolbar"] button');
  (bar ?? row.querySelector<HTMLElement>('button, a[href]'))?.focus();
  if (!bar) {
    row.dataset.entered = '';
  }
}

function edit(row: HTMLElement, view: ListView): boolean {
  const seq = Number(row.parentElement?.getAttribute('data-row'));
  if (!seq || row.dataset.author !== String(me.peek()?.id)) {
    return false;
  }
  startEdit(view.room, seq);
  return true;
}

function inRow(key: string, row: HTMLElement, target: HTMLElement): boolean {
  if (key === 'Escape') {
    row.focus();
    return true;
  }
  const bar = target.closest('[role="toolbar"]');
  if (!bar || (key !== 'ArrowLeft' && key !== 'ArrowRight')) {
    return false;
  }
  // Some are hidden where there is little room.
  const buttons = [...bar.querySelectorAll<HTMLElement>(':scope > button')].filter((one) =>
    one.checkVisibility(),
  );
  const next = buttons.indexOf(target) + (key === 'ArrowRight' ? 1 : -1);
  buttons.at(next % buttons.length)?.focus();
  return true;
}
