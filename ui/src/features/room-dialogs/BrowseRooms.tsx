// Finds public rooms: looks into them, joins them.
import { Compass } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isolate } from '../../i18n/direction';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { EmptyState } from '../../kit/EmptyState';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import { go } from '../../router';
import { type RoomView, rooms } from '../../store/rooms';
import { failureText } from '../failures/failureText';
import { Unloaded } from '../failures/Unloaded';
import { RoomIcon } from '../people/RoomIcon';
import { browseRooms, joinRoom } from './actions';
import { t } from './texts';

/** Milliseconds without typing before the search starts. */
const pause = 200;

export function BrowseRooms({ onCreate }: { onCreate: () => void }) {
  const d = t();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly RoomView[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();

  const last = useRef(query);
  last.current = query;
  const look = async () => {
    const result = await browseRooms(query.trim());
    if (query === last.current) {
      setProblem(result.ok ? undefined : failureText(result.failure));
      setFound(result.ok ? result.value.rooms : undefined);
      setMore(result.ok && result.value.more);
    }
  };
  useEffect(() => {
    const timer = setTimeout(look, query ? pause : 0);
    return () => clearTimeout(timer);
  }, [query]);

  const nothing = found?.length === 0;
  return (
    <Dialog
      title={d.browseTitle}
      onClose={closeDialog}
      wide
      tall
      actions={<Button onClick={onCreate}>{d.createRoom}</Button>}
    >
      <div class={css.form}>
        <Field
          label={d.browseSearch}
          bare
          type="search"
          placeholder={d.browseSearch}
          value={query}
          onValue={setQuery}
          autocomplete="off"
          autofocus
        />
        {problem && <Unloaded why={problem} again={look} />}
        {!found && !problem && <Skeleton rows={5} tiles />}
        {nothing && !query && <EmptyState icon={Compass} title={d.browseEmpty} text={d.browseEmptyText} />}
        {nothing && query && <p role="status">{d.noMatches}</p>}
        {found && found.length > 0 && (
          <ul class={css.list}>
            {found.map((room) => (
              <Found key={room.id} room={room} />
            ))}
          </ul>
        )}
        {more && <p class={css.note}>{d.browseMore}</p>}
      </div>
    </Dialog>
  );
}

function Found({ room }: { room: RoomView }) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const joined = rooms.value.has(room.id);
  const open = () => {
    closeDialog();
    go({ name: 'room', room: room.id });
  };
  const join = async () => {
    setBusy(true);
    const result = await joinRoom(room.id);
    setBusy(false);
    if (result.ok) {
      open();
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };
  return (
    <li class={css.row}>
      <RoomIcon room={room} />
      <span class={css.grow}>
        <bdi class={css.name}>{room.name}</bdi>
        <span class={css.detail}>
          {[d.roomMembers(room.member_count), joined && d.browseJoined, isolate(room.topic)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <Button kind="quiet" onClick={open}>
        {d.browseOpen}
        <span class="hidden"> {room.name}</span>
      </Button>
      {!joined && (
        <Button busy={busy} onClick={join}>
          {d.roomJoin}
          <span class="hidden"> {room.name}</span>
        </Button>
      )}
    </li>
  );
}
