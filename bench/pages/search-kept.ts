/** A value in IndexedDB, for libraries that leave keeping to their caller. */
const DATABASE = 'search-peers';
const STORE = 'kept';

export async function keep(name: string, value: unknown): Promise<void> {
  const database = await open();
  const transaction = database.transaction(STORE, 'readwrite');
  transaction.objectStore(STORE).put(value, name);
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('The transaction was aborted.'));
    };
  });
  database.close();
}

/** Undefined when there is none. */
export async function kept(name: string): Promise<unknown> {
  const database = await open();
  const value: unknown = await settled(
    database.transaction(STORE).objectStore(STORE).get(name) as IDBRequest<unknown>,
  );
  database.close();
  return value;
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE);
  };
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('The request failed.'));
    };
  });
}
