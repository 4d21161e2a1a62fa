// Shown for an address that does not exist.
import { Compass } from 'lucide';
import { linkButton } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import { Page } from '../page/Page';
import { t } from './texts';

export function NotFound() {
  const d = t();
  return (
    <Page title={d.notFoundTitle}>
      <EmptyState
        icon={Compass}
        title={d.notFoundHere}
        text={d.notFoundText}
        action={
          <a class={linkButton} href="/">
            {d.notFoundHome}
          </a>
        }
      />
    </Page>
  );
}
