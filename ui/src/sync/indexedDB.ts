// Promises over IndexedDB.

/** Resolves with the answer to a request. */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves once everything in the transaction is on disk. */
export function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Opens a database, and makes its stores when it is new. `blocking`: another tab wants to delete it. */
export async function openDatabase(
  name: string,
  stores: readonly string[],
  blocking: () => void,
): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of stores) {
      request.result.createObjectStore(store);
    }
  };
  const made = await answer(request);
  made.onversionchange = blocking;
  return made;
}

export async function deleteDatabase(name: string): Promise<void> {
  await answer(indexedDB.deleteDatabase(name));
}
