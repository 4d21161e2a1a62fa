// Lists the rooms and people that the switcher offers, in order.
import { formatList } from '../../i18n';
import { bestFit } from '../../kit/match';
import { go, route } from '../../router';
import { othersIn, people, titleOf, type User } from '../../store/people';
import { places } from '../../store/place';
import { activity, type RoomState, rooms, type UserID } from '../../store/rooms';
import { me } from '../../store/session';
import { writeTo } from '../direct/actions';

export type Place = { key: string; title: string; detail: string; unread: number } & (
  | { room: RoomState; person?: undefined }
  | { person: UserID; room?: undefined }
);

const most = 50;

/**
 * The rooms and people that fit a query; without one the unread rooms, then those last open. Reads signals.
 */
export function placesFor(query: string): readonly Place[] {
  const known = allPlaces();
  const wanted = query.trim();
  const here = route.value.name === 'room' ? route.value.room : undefined;
  const rank = (place: Place) => {
    const at = place.room ? places.value.indexOf(place.room.id) : -1;
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  };
  const time = (place: Place) =>
    place.room ? (activity.value.get(place.room.id) ?? place.room.created_at) : 0;
  return (
    known
      // Without a query the open room is left out, so that Enter goes to another one.
      .filter((place) => wanted || !place.room || place.room.id !== here)
      .map((place) => ({ place, fit: wanted ? bestFit(wanted, [place.title, place.detail]) : 1 }))
      .filter(({ fit }) => fit > 0)
      .sort(
        (a, b) =>
          b.fit - a.fit ||
          Number(b.place.unread > 0) - Number(a.place.unread > 0) ||
          rank(a.place) - rank(b.place) ||
          time(b.place) - time(a.place) ||
          a.place.title.localeCompare(b.place.title),
      )
      .slice(0, most)
      .map(({ place }) => place)
  );
}

function allPlaces(): Place[] {
  const found: Place[] = [];
  const reached = new Set<UserID | undefined>([me.value?.id]);
  for (const room of rooms.value.values()) {
    const others = room.kind === 'direct' ? othersIn(room) : [];
    const only = others.length === 1 ? others[0] : undefined;
    reached.add(only);
    found.push({
      key: `room-${room.id}`,
      title: titleOf(room, formatList),
      detail: only === undefined ? room.topic : handle(people.value.get(only)),
      unread: room.unread,
      room,
    });
  }
  for (const user of people.value.values()) {
    if (user.deactivated) {
      continue;
    }
    if (!reached.has(user.id)) {
      found.push({
        key: `person-${user.id}`,
        title: user.display_name || user.name,
        detail: handle(user),
        unread: 0,
        person: user.id,
      });
    }
  }
  return found;
}

const handle = (user: User | undefined) => (user ? `@${user.name}` : '');

export function goTo(place: Place): void {
  if (place.room) {
    go({ name: 'room', room: place.room.id });
  } else {
    void writeTo([place.person]);
  }
}
