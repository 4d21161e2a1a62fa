// Makes one cached computed signal per key of a map in a signal. A component that shows one room does not
// render again when another room changes.
import { computed, type ReadonlySignal } from '@preact/signals';

export function keyed<K, V>(
  map: ReadonlySignal<ReadonlyMap<K, V>>,
): (key: K) => ReadonlySignal<V | undefined> {
  const cache = new Map<K, ReadonlySignal<V | undefined>>();
  return (key) => {
    let one = cache.get(key);
    if (!one) {
      one = computed(() => map.value.get(key));
      cache.set(key, one);
    }
    return one;
  };
}
