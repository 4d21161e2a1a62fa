// The list of the reader's rooms and direct rooms. Tab stops once; arrows, Home and End move inside.
import { ChevronDown, Compass, Plus } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from '../../kit/Button';
import { Icon } from '../../kit/Icon';
import { lazy } from '../../kit/lazy';
import { Menu } from '../../kit/Menu';
import { Skeleton } from '../../kit/Skeleton';
import type { RoomID } from '../../net/types';
import { setPref } from '../../prefs';
import { route } from '../../router';
import { roomInvitations } from '../../store/invitations';
import { othersIn, people } from '../../store/people';
import { prefs } from '../../store/prefs';
import { rooms, roomsLoaded, sections } from '../../store/rooms';
import { openNewDirect } from '../direct/open';
import { watchPeople } from '../people/actions';
import { openBrowse, openCreateRoom } from '../room-dialogs/open';
import css from './RoomList.module.css';
import { RoomRow } from './RoomRow';
import { list } from './roomOrder';
import { t } from './texts';

const Invitations = lazy(() =>
  import('../room-invitations/RoomInvitations').then((it) => it.RoomInvitations),
);

const MoreUnread = lazy(() => import('./MoreUnread').then((it) => it.MoreUnread), { ahead: true });

export function RoomList() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const { all: whole, favorites, rooms: roomIDs, directs: directIDs } = list.value;
  const open = route.value.name === 'room' ? route.value.room : undefined;
  const all = [...favorites, ...roomIDs, ...directIDs];
  const stop = open !== undefined && all.includes(open) ? open : all[0];
  useWatch(sections.value.directs);

  if (!roomsLoaded.value) {
    return <Skeleton rows={7} />;
  }
  return (
    <div class={css.frame}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is operated. */}
      <div ref={box} class={css.list} onKeyDown={moved}>
        {whole.favorites.length > 0 && (
          <Section name="favorites" title={d.listFavorites} ids={favorites} open={open} stop={stop} />
        )}
        <Section
          name="rooms"
          title={d.listRooms}
          ids={roomIDs}
          open={open}
          stop={stop}
          empty={d.listNoRooms}
          add={
            <Menu
              label={d.createRoom}
              icon={Plus}
              small
              items={[
                { label: d.createRoom, icon: Plus, run: openCreateRoom },
                { label: d.listBrowse, icon: Compass, run: openBrowse },
              ]}
            />
          }
          after={
            <button type="button" class={css.browse} onClick={openBrowse}>
              <span class={css.browseIcon}>
                <Icon of={Compass} />
              </span>
              {d.listBrowse}
            </button>
          }
        />
        <Section
          name="directs"
          title={d.listDirects}
          ids={directIDs}
          open={open}
          stop={stop}
          empty={d.listNoDirects}
          add={<IconButton icon={Plus} label={d.directTitle} small onClick={openNewDirect} />}
        />
        {/* The last: they come by themselves, and must not move a room that somebody is about to press. */}
        {roomInvitations.value.length > 0 && <Invitations />}
      </div>
      <MoreUnread list={box} />
    </div>
  );
}

function toggle(section: string): void {
  const { closed } = prefs.peek();
  const others = closed.filter((one) => one !== section);
  void setPref('closed', others.length < closed.length ? others : [...others, section]);
}

interface SectionProps {
  name: string;
  title: string;
  ids: readonly RoomID[];
  open: RoomID | undefined;
  stop: RoomID | undefined;
  empty?: string;
  add?: ComponentChildren;
  after?: ComponentChildren;
}

function Section({ name, title, ids, open, stop, empty, add, after }: SectionProps) {
  const id = useId();
  const expanded = !prefs.value.closed.includes(name);
  return (
    <section class={css.section} aria-labelledby={id}>
      <header class={css.head}>
        <h2 id={id} class={css.title}>
          <button type="button" class={css.fold} aria-expanded={expanded} onClick={() => toggle(name)}>
            {title}
            <Icon of={ChevronDown} size={0.875} />
          </button>
        </h2>
        {add}
      </header>
      {ids.length ? (
        <ul>
          {ids.map((room) => (
            <RoomRow key={room} id={room} open={room === open} stop={room === stop} />
          ))}
        </ul>
      ) : (
        expanded && <p class={css.empty}>{empty}</p>
      )}
      {expanded && after}
    </section>
  );
}

function moved(event: KeyboardEvent): void {
  const box = event.currentTarget as HTMLElement;
  const rows = [...box.querySelectorAll<HTMLElement>('[data-room]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  event.preventDefault();
  rows[Math.max(0, Math.min(to, rows.length - 1))]?.focus();
}

/**
 * The server reports the presence of a limited number of people: first those of direct rooms, then others.
 */
const watched = 200;

/** Asks for the presence of these people, and so for how many are online. */
function useWatch(ids: readonly RoomID[]): void {
  const everyone = people.value;
  useEffect(() => {
    const near = ids.flatMap((id) => {
      const room = rooms.peek().get(id);
      return room ? othersIn(room) : [];
    });
    watchPeople('list', [...new Set([...near, ...everyone.keys()])].slice(0, watched));
  }, [ids, everyone]);
}
