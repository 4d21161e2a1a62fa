// An address that leads nowhere.
import { Compass } from 'lucide';
import { t } from '../i18n';
import { linkButton } from '../parts/Button';
import { EmptyState } from '../parts/EmptyState';
import { useTitle } from '../title';

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
