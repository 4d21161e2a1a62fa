// Ctrl+K: goes to any room or person by a few letters.
import { Search } from 'lucide';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { asTyped } from '../../kit/Field';
import { Icon } from '../../kit/Icon';
import { displayNameOf } from '../../store/people';
import { BotBadge } from '../people/BotBadge';
import { RoomIcon } from '../people/RoomIcon';
import { goTo, type Place, placesFor } from './places';
import css from './Switcher.module.css';
import { t } from './texts';

export function Switcher() {
  const d = t();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState<string>();
  const found = useOrder(placesFor(query), query);
  const chosen = Math.max(
    0,
    found.findIndex(({ key }) => key === at),
  );

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, query]);

  const open = (place: Place | undefined) => {
    if (place) {
      closeDialog();
      goTo(place);
    }
  };

  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    const last = found.length - 1;
    const to = { ArrowDown: chosen < last ? chosen + 1 : 0, ArrowUp: chosen > 0 ? chosen - 1 : last }[
      event.key
    ];
    if (to !== undefined) {
      event.preventDefault();
      setAt(found[to]?.key);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(found[chosen]);
    }
  };

  return (
    <Dialog title={d.jumpToShort} onClose={closeDialog} bare wide>
      <search class={css.search}>
        <Icon of={Search} />
        <input
          data-autofocus
          dir="auto"
          class={css.input}
          value={query}
          placeholder={d.switcherPlaceholder}
          role="combobox"
          aria-label={d.jumpToShort}
          aria-expanded="true"
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={found.length ? `${id}-${chosen}` : undefined}
          autocomplete="off"
          {...asTyped}
          inputmode="search"
          enterkeyhint="go"
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(undefined);
          }}
          onKeyDown={pressed}
        />
      </search>
      <div ref={list} id={id} class={css.results} role="listbox" aria-label={d.jumpToShort}>
        {found.map((place, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys.
          <div
            key={place.key}
            id={`${id}-${index}`}
            class={css.option}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => open(place)}
          >
            <PlaceIcon place={place} />
            <bdi class={css.title}>{place.title}</bdi>
            {place.person !== undefined && <BotBadge person={place.person} />}
            <bdi class={css.detail}>{place.detail}</bdi>
            {place.unread > 0 && (
              <span class={css.unread}>
                <span aria-hidden="true">{formatNumber(place.unread)}</span>
                <span class="hidden">{d.listUnread('', place.unread)}</span>
              </span>
            )}
          </div>
        ))}
      </div>
      <p class={found.length ? css.hint : css.none} role="status">
        {found.length ? d.switcherHint : d.noMatches}
      </p>
    </Dialog>
  );
}

/** The places as they first stood for a query: none moves while somebody chooses, and new ones come last. */
function useOrder(found: readonly Place[], query: string): readonly Place[] {
  const order = useRef({ query, keys: new Set<string>() });
  if (order.current.query !== query) {
    order.current = { query, keys: new Set() };
  }
  const { keys } = order.current;
  const byKey = new Map(found.map((place) => [place.key, place]));
  for (const key of byKey.keys()) {
    keys.add(key);
  }
  return [...keys].flatMap((key) => byKey.get(key) ?? []);
}

function PlaceIcon({ place }: { place: Place }) {
  if (place.room) {
    return <RoomIcon room={place.room} />;
  }
  return <Avatar id={place.person} name={displayNameOf(place.person)} size="s" />;
}
