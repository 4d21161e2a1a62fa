// Finding people by their names.
import { bestFit } from '../../kit/match';
import type { User } from '../../net/types';

/** More than this many are found by typing, not by scrolling. */
export const mostShown = 100;

/** Who fits what was typed: the best fit first, then by name; or in another order. */
export function findPeople(
  query: string,
  people: readonly User[],
  order?: (a: User, b: User) => number,
): readonly User[] {
  return people
    .map((user) => ({ user, fit: bestFit(query, [user.display_name, user.name]) }))
    .filter(({ fit }) => fit > 0)
    .sort(
      (a, b) =>
        (order ? order(a.user, b.user) : b.fit - a.fit) ||
        a.user.display_name.localeCompare(b.user.display_name),
    )
    .map(({ user }) => user);
}
