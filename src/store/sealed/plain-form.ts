import { PhotoglotError } from '../../errors';
import type { StoredForm } from './stored-form';

/** Everything lies on the disk as it is. */
export const PLAIN_FORM: StoredForm = {
  seal: (writes) => Promise.resolve(writes),
  vectors: (_key, value) => Promise.resolve(value),
  items: (_key, value) =>
    value instanceof ArrayBuffer
      ? Promise.reject(
          new PhotoglotError('storage', 'Items are encrypted where they should not be.'),
        )
      : Promise.resolve(value),
  deaths: (_key, value) => Promise.resolve(value),
  picture: (_store, _key, value) => Promise.resolve(value),
  signal: (_store, _key, value) => Promise.resolve(value),
  nameOf: (id) => Promise.resolve(id),
  idOf: (name) => name,
  folder: (folder) => folder,
};
