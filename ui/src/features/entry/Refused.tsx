// A page before signing in that its link does not lead to: says why, and leads to signing in, or tries once more.
import { Button, linkButtonPrimary } from '../../kit/Button';
import { t as kit } from '../../kit/texts';
import { Entry } from './Entry';
import { t } from './texts';

export interface Refusal {
  title: string;
  text?: string;
  /** Nobody knows yet whether the link works: asks again. */
  again?: () => void;
}

export function Refused({ again, ...why }: Refusal) {
  return (
    <Entry {...why}>
      <p>
        {again ? (
          <Button kind="primary" onClick={again}>
            {kit().retry}
          </Button>
        ) : (
          <a class={linkButtonPrimary} href="/">
            {t().signIn}
          </a>
        )}
      </p>
    </Entry>
  );
}
