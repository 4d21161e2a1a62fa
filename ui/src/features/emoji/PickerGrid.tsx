// The grid of the emoji picker: one Tab stop, arrows move through rows and groups.
import { memo } from '../../kit/memo';
import { isTouch } from '../../kit/touch';
import type { Group } from './Picker';
import css from './Picker.module.css';

/** As many as the grid of Picker.module.css has. Fingers need larger cells, and there are fewer in a line. */
export const columns = isTouch() ? 6 : 8;

interface Props {
  groups: readonly Group[];
  label: string;
  onPick: (emoji: string) => void;
}

export function PickerGrid({ groups, label, onPick }: Props) {
  return (
    <div
      role="grid"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={moved}
      onClick={(event) => {
        const emoji = (event.target as Element).closest<HTMLElement>('[data-emoji]')?.dataset.emoji;
        if (emoji) {
          onPick(emoji);
        }
      }}
    >
      {groups.map((group, index) => (
        <GroupRows key={group.title} group={group} first={index === 0} />
      ))}
    </div>
  );
}

const GroupRows = memo(function GroupRows({ group, first }: { group: Group; first: boolean }) {
  const rows = [];
  for (let from = 0; from < group.emoji.length; from += columns) {
    rows.push(group.emoji.slice(from, from + columns));
  }
  return (
    <div role="rowgroup" class={css.group}>
      <div role="row">
        <span role="rowheader" class={css.title}>
          {group.title}
        </span>
      </div>
      {rows.map((row, r) => (
        <div key={row[0]?.[0]} role="row" class={css.row}>
          {row.map(([emoji, name], c) => (
            <span key={emoji} role="gridcell">
              <button
                type="button"
                class={css.cell}
                data-emoji={emoji}
                title={name}
                aria-label={name}
                tabIndex={first && r === 0 && c === 0 ? 0 : -1}
              >
                {emoji}
              </button>
            </span>
          ))}
        </div>
      ))}
    </div>
  );
});

function moved(event: KeyboardEvent): void {
  const grid = event.currentTarget as HTMLElement;
  const cells = [...grid.querySelectorAll<HTMLElement>('[data-emoji]')];
  const from = document.activeElement as HTMLElement;
  const at = cells.indexOf(from);
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -at, End: cells.length - 1 - at }[event.key];
  if (at < 0 || (step === undefined && event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) {
    return;
  }
  event.preventDefault();
  const to = step === undefined ? beside(grid, from, event.key === 'ArrowDown' ? 1 : -1) : cells[at + step];
  if (!to) {
    if (event.key === 'ArrowUp') {
      grid.closest('[popover]')?.querySelector('input')?.focus();
    }
    return;
  }
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

/** The cell above or below. In a shorter row it is the last cell. */
function beside(grid: HTMLElement, cell: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const rows = [...grid.querySelectorAll(`.${css.row}`)];
  const row = cell.closest(`.${css.row}`);
  if (!row) {
    return undefined;
  }
  const column = [...row.querySelectorAll('[data-emoji]')].indexOf(cell);
  const next = [...(rows[rows.indexOf(row) + step]?.querySelectorAll<HTMLElement>('[data-emoji]') ?? [])];
  return next[Math.min(column, next.length - 1)];
}
