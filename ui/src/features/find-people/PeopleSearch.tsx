// The field that searches for people.
import { Field } from '../../kit/Field';
import { t } from './texts';

interface Props {
  value: string;
  onValue: (value: string) => void;
  autofocus?: boolean;
}

export function PeopleSearch(props: Props) {
  const label = t().directSearch;
  return <Field {...props} label={label} bare type="search" placeholder={label} autocomplete="off" />;
}
