// A page before signing in that its link does not lead to any more: says why, and leads to signing in.
import { linkButtonPrimary } from '../../kit/Button';
import { Entry } from './Entry';
import { t } from './texts';

export interface Refusal {
  title: string;
  text?: string;
}

export function Refused(why: Refusal) {
  return (
    <Entry {...why}>
      <p>
        <a class={linkButtonPrimary} href="/">
          {t().signIn}
        </a>
      </p>
    </Entry>
  );
}
