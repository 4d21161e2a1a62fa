// The whole catalog, for the parts of the client that are fetched when they are first shown. They take everything
// about languages from here; the first load knows its own texts only.
import { computed } from '@preact/signals';
import { enLater } from './en-later';
import { t as first, later } from './index';

export * from './index';

const whole = computed(() => ({ ...first(), ...(later.value ?? enLater) }));

/** The catalog of the page's language with the texts of what is fetched later. Reads signals. */
export const t = () => whole.value;
