// The window of a signed-in person: the rooms, the open page, and the panel beside it.
import { useEffect } from 'preact/hooks';
import { cls } from '../../kit/cls';
import { dialog, question } from '../../kit/dialogs';
import { isPhone, isWide } from '../../kit/layout';
import { fetchAhead, lazy } from '../../kit/lazy';
import { Skeleton } from '../../kit/Skeleton';
import { go, type Route, route } from '../../router';
import { keepPlace, places } from '../../store/place';
import { missing, rooms, roomsLoaded } from '../../store/rooms';
import { server } from '../../store/session';
import { useTitle } from '../../title';
import { Announcer } from '../announcer/Announcer';
import { picker } from '../emoji/open';
import { card, closePanel, panelOpen } from '../members/panel';
import { Room } from '../rooms/Room';
import { Banner } from './Banner';
import { useKeys } from './keys';
import { NotFound } from './NotFound';
import css from './Shell.module.css';
import { Sidebar } from './Sidebar';
import { Welcome } from './Welcome';

const waiting = { waiting: () => <Skeleton rows={6} /> };
const Settings = lazy(() => import('../settings/Settings').then((it) => it.Settings), waiting);
const Server = lazy(() => import('../server/Server').then((it) => it.Server), waiting);
const Notifications = lazy(() => import('../inbox/Notifications').then((it) => it.Notifications), waiting);
const Reports = lazy(() => import('../reports/Reports').then((it) => it.Reports), waiting);
const Accounts = lazy(() => import('../accounts/Accounts').then((it) => it.Accounts), waiting);
const AllRooms = lazy(() => import('../all-rooms/AllRooms').then((it) => it.AllRooms), waiting);
const MembersPanel = lazy(() => import('../members/MembersPanel').then((it) => it.MembersPanel), waiting);
const PersonCard = lazy(() => import('../members/PersonCard').then((it) => it.PersonCard));
const Picker = lazy(() => import('../emoji/Picker').then((it) => it.Picker));

export function Shell() {
  const at = route.value;
  const list = at.name === 'list';
  const inPanel = panelOpen.value && at.name === 'room' && !missing.value.has(at.room);
  useKeys();
  useReturn(at);
  useEffect(fetchAhead, []);

  return (
    <>
      <Banner />
      <div class={cls(css.shell, inPanel && css.withPanel)}>
        {isPhone.value ? list && <PhoneList /> : <Sidebar />}
        {!(isPhone.value && list) && (
          <main class={css.main} data-region="main">
            <Pane at={at} />
          </main>
        )}
        {inPanel && (
          <>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: Esc and the button in the panel close it as well. */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same. */}
            {!isWide.value && <div class={css.scrim} onClick={closePanel} />}
            <MembersPanel room={at.room} />
          </>
        )}
        {question.value ?? dialog.value}
        {picker.value && <Picker />}
        {card.value && <PersonCard />}
      </div>
      <Announcer />
    </>
  );
}

/** On a phone the room list is a page of its own. */
function PhoneList() {
  const name = server.value?.name || 'Parley';
  useTitle(name);
  return (
    <main class={css.main}>
      <h1 class="hidden">{name}</h1>
      <Sidebar />
    </main>
  );
}

function Pane({ at }: { at: Route }) {
  switch (at.name) {
    case 'room':
      return <Room room={at.room} seq={at.seq} />;
    case 'settings':
      return <Settings />;
    case 'server':
      return <Server />;
    case 'notifications':
      return <Notifications />;
    case 'reports':
      return <Reports />;
    case 'people':
    case 'audit':
      return <Accounts />;
    case 'rooms':
      return <AllRooms />;
    case 'list':
      return <Welcome />;
    default:
      return <NotFound />;
  }
}

/** A wide window that starts at / goes to the room that was open last, or to the first public one. */
function useReturn(at: Route): void {
  const loaded = roomsLoaded.value;
  useEffect(() => {
    if (at.name === 'room') {
      keepPlace(at.room);
    }
  }, [at]);
  useEffect(() => {
    const known = rooms.peek();
    const to =
      places.peek().find((room) => known.has(room)) ??
      [...known.values()].find((room) => room.kind === 'public')?.id;
    if (loaded && to && route.peek().name === 'list' && !isPhone.peek()) {
      go({ name: 'room', room: to }, true);
    }
  }, [loaded]);
}
