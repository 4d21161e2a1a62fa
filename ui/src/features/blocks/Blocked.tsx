// The people whom the reader has blocked, in the reader's settings.
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import { blocked } from '../../store/blocks';
import { nameOf } from '../../store/people';
import { PeopleList } from '../find-people/PeopleList';
import { unblock } from './BlockButton';
import { t } from './texts';

export function Blocked() {
  const d = t();
  const people = [...blocked.value];
  if (people.length === 0) {
    return <p class={form.note}>{d.blockedNone}</p>;
  }
  return (
    <PeopleList
      people={people}
      end={(id) => (
        <Button aria-label={d.unblockOf(nameOf(id))} onClick={() => void unblock(id)}>
          {d.unblock}
        </Button>
      )}
    />
  );
}
