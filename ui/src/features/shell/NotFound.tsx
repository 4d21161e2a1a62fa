// Shown for an address that does not exist.
import { Compass } from 'lucide';
import { linkButton } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import { useTitle } from '../../title';
import { t } from './texts';

export function NotFound() {
  const d = t();
  useTitle(d.notFoundTitle);
  return (
    <>
      <h1 class="hidden">{d.notFoundTitle}</h1>
      <EmptyState
        icon={Compass}
        title={d.notFoundTitle}
        text={d.notFoundText}
        action={
          <a class={linkButton} href="/">
            {d.notFoundHome}
          </a>
        }
      />
    </>
  );
}
