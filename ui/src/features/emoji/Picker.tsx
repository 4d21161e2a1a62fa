// The emoji picker: search, recent ones, groups. A grid by keyboard: arrows move, Enter picks, Esc leaves.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { locale } from '../../i18n';
import { composing } from '../../kit/enter';
import { Field } from '../../kit/Field';
import { place } from '../../kit/place';
import { Skeleton } from '../../kit/Skeleton';
import { isTouch } from '../../kit/touch';
import { noteEmoji } from '../../prefs';
import { prefs } from '../../store/prefs';
import { type Emoji, loadEmoji, searchEmoji } from './emoji';
import { closePicker, picker } from './open';
import css from './Picker.module.css';
import { columns, PickerGrid } from './PickerGrid';
import { t } from './texts';

export interface Group {
  title: string;
  emoji: readonly Emoji[];
}

export function Picker() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  // A row's toolbar disappears when the focus leaves the row, so the focus goes back to the row itself.
  const back = useRef<HTMLElement>(null);
  const [groups, setGroups] = useState<readonly (readonly Emoji[])[]>();
  const [failed, setFailed] = useState(false);
  const [query, setQuery] = useState('');
  const request = picker.value;
  const language = locale.value;

  useEffect(() => {
    loadEmoji(language).then(setGroups, () => setFailed(true));
  }, [language]);

  useLayoutEffect(() => {
    const popover = box.current;
    const anchor = request?.anchor;
    if (popover && anchor) {
      back.current = anchor.closest<HTMLElement>('article') ?? anchor;
      popover.showPopover();
      place(popover, anchor);
      // On touch the search would open the keyboard on the screen, over the emoji.
      (isTouch() ? popover : popover.querySelector('input'))?.focus();
    }
  }, [request]);

  const pick = (emoji: string) => {
    noteEmoji(emoji);
    back.current?.focus();
    request?.pick(emoji);
    closePicker();
  };

  // A person may press Enter before the emoji are loaded, and before the last letter is rendered.
  const pickFirst = async (wanted: string) => {
    const all = wanted.trim() ? await loadEmoji(language).catch(() => []) : [];
    const [first] = searchEmoji(all, wanted);
    if (first && picker.peek() === request) {
      pick(first[0]);
    }
  };

  const shown = groups && (query.trim() ? found(groups, query) : browse(groups));
  return (
    <div
      ref={box}
      popover="auto"
      role="dialog"
      tabIndex={-1}
      aria-label={d.pickerTitle}
      class={css.picker}
      onToggle={(event) => {
        if (event.newState === 'closed') {
          closePicker();
        }
      }}
      onKeyDown={(event) => {
        const input = event.target instanceof HTMLInputElement;
        if (composing(event)) {
          return; // Esc ends what is being composed, not the search
        }
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          back.current?.focus();
          closePicker();
        } else if (input && event.key === 'ArrowDown') {
          event.preventDefault();
          box.current?.querySelector<HTMLElement>('[role="gridcell"] button')?.focus();
        } else if (input && event.key === 'Enter') {
          event.preventDefault();
          void pickFirst(event.target.value);
        }
      }}
    >
      <Field
        label={d.pickerSearch}
        bare
        type="search"
        placeholder={d.pickerSearch}
        value={query}
        onValue={setQuery}
        autocomplete="off"
      />
      <div class={css.grid}>
        {failed && <p role="alert">{d.pickerFailed}</p>}
        {!shown && !failed && <Skeleton rows={columns} />}
        {shown?.every((group) => group.emoji.length === 0) && (
          <p class={css.none} role="status">
            {d.noMatches}
          </p>
        )}
        {shown && <PickerGrid groups={shown} label={d.pickerTitle} onPick={pick} />}
      </div>
    </div>
  );
}

function browse(groups: readonly (readonly Emoji[])[]): readonly Group[] {
  const d = t();
  const names = new Map(groups.flat().map((one) => [one[0], one]));
  const recent = prefs.value.recentEmoji.map((emoji) => names.get(emoji) ?? ([emoji, emoji, ''] as const));
  return [
    { title: d.pickerRecent, emoji: recent },
    ...groups.map((emoji, index) => ({ title: d.pickerGroups[index] ?? '', emoji })),
  ];
}

/** More are not shown: a longer word finds fewer. */
const mostFound = 90;

function found(groups: readonly (readonly Emoji[])[], query: string): readonly Group[] {
  return [{ title: t().search, emoji: searchEmoji(groups, query).slice(0, mostFound) }];
}
