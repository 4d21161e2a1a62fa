// Finding people by their names.
import { bestFit } from '../../kit/match';
import type { User } from '../../net/types';

/** No more than this many are shown. The search finds the others. */
export const mostShown = 100;

/** The people who fit a query, sorted by fit and then by name, or by `order` and then by name. */
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
