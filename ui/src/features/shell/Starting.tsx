// Shown until it is known who is signed in.

import { Mark } from '../../kit/Mark';
import { server } from '../../store/session';
import css from './Starting.module.css';
import { t } from './texts';

export function Starting() {
  return (
    <main class={css.page}>
      <h1 class="hidden">{server.value?.name || 'Parley'}</h1>
      <Mark />
      <p class="hidden" role="status">
        {t().loading}
      </p>
    </main>
  );
}
