// The window of a signed-in person: the rooms, the open page, and the panel beside it.
import { useEffect } from 'preact/hooks';
import { cls } from '../../kit/cls';
import { dialog, question } from '../../kit/dialogs';
import { useLayer } from '../../kit/layers';
import { isPhone, isWide } from '../../kit/layout';
import { fetchAhead, later, lazy } from '../../kit/lazy';
import { Skeleton } from '../../kit/Skeleton';
import { go, type Route, route } from '../../router';
import { keepPlace, places } from '../../store/place';
import { missing, rooms, roomsLoaded } from '../../store/rooms';
import { server } from '../../store/session';
import { useTitle } from '../../title';
import { followAway } from '../away/away';
import { closePicker, picker } from '../emoji/open';
import { card, closeCard, closePanel, panelOpen } from '../members/panel';
import { Room } from '../rooms/Room';
import { useKeys } from './keys';
import css from './Shell.module.css';
import { Sidebar } from './Sidebar';

// A screen reader is told what comes after the first load.
const Announcer = lazy(() => import('../announcer/Announcer').then((it) => it.Announcer), { ahead: true });
const waiting = { waiting: () => <Skeleton rows={6} /> };
const Settings = lazy(() => import('../settings/Settings').then((it) => it.Settings), waiting);
const Server = lazy(() => import('../server/Server').then((it) => it.Server), waiting);
const Notifications = lazy(() => import('../inbox/Notifications').then((it) => it.Notifications), waiting);
const MembersPanel = lazy(() => import('../members/MembersPanel').then((it) => it.MembersPanel), waiting);
const Welcome = lazy(() => import('../welcome/Welcome').then((it) => it.Welcome), { ahead: true });
const NotFound = lazy(() => import('../not-found/NotFound').then((it) => it.NotFound), waiting);
const PersonCard = lazy(() => import('../members/PersonCard').then((it) => it.PersonCard), {
  failed: closeCard,
});
const Picker = lazy(() => import('../emoji/Picker').then((it) => it.Picker), { failed: closePicker });
const focusKeeper = later(() => import('../../kit/keepFocus'));

export function Shell() {
  const at = route.value;
  const list = at.name === 'list';
  const inPanel = panelOpen.value && at.name === 'room' && !missing.value.has(at.room);
  useKeys();
  useReturn(at);
  useEffect(() => void fetchAhead(), []);
  useEffect(followAway, []);
  useKeptFocus();
  useLayer(closePanel, inPanel && !isWide.value);
  useLayer(closePicker, Boolean(picker.value));
  useLayer(closeCard, Boolean(card.value));

  return (
    <>
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
            <div class={css.panel}>
              <MembersPanel room={at.room} />
            </div>
          </>
        )}
        {dialog.value}
        {question.value}
        {picker.value && <Picker />}
        {card.value && <PersonCard />}
      </div>
      <Announcer />
    </>
  );
}

function useKeptFocus(): void {
  useEffect(() => {
    let stop: (() => void) | undefined;
    let ended = false;
    void focusKeeper().then((it) => {
      stop = ended ? undefined : it?.keepFocus();
    });
    return () => {
      ended = true;
      stop?.();
    };
  }, []);
}

/** On a phone the room list is a page of its own. */
function PhoneList() {
  const name = server.value?.name || 'Parley';
  useTitle(name);
  return (
    <main class={css.main}>
      <h1 class="hidden" tabIndex={-1}>
        {name}
      </h1>
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
