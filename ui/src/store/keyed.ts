// One cached computed signal for each key of a map held in a signal: a component that shows one room is not
// rendered again when another room changes.
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
