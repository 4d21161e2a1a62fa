// Begins a conversation with one or more people.
import { closeDialog } from '../../kit/dialogs';
import { people } from '../../store/people';
import { limits, me } from '../../store/session';
import { PickPeople } from '../find-people/PickPeople';
import { writeTo } from './actions';
import { t } from './texts';

export function NewDirect() {
  const d = t();
  return (
    <PickPeople
      title={d.directTitle}
      people={[...people.value.values()].filter((user) => user.id !== me.value?.id && !user.deactivated)}
      nobody={{ title: d.directAlone, text: d.directAloneText }}
      most={limits.value.direct_people - 1}
      act={d.directStart}
      onAct={async (picked) => {
        if (await writeTo(picked)) {
          closeDialog();
        }
      }}
    />
  );
}
