/** What models are known by among those that are kept. */
import type { FileListing } from '../protocol/delivery-contract';

/** Of a model in a folder: the address of its manifest. Of a listing: its folder, name and version. */
export function modelKey(from: string | FileListing): string {
  if (typeof from === 'string') return new URL('manifest.json', from).href;
  return `${from.url}#${from.id}@${from.version}`;
}

/**
 * A model on its way is a record of its own, so that what is kept of an older version stays
 * usable until the new one is complete.
 */
export function arrivingKey(key: string): string {
  return `${key}#arriving`;
}

/** The folder of a model's files, from its key. */
export function modelFolder(key: string): string {
  return new URL('.', key).href;
}

/** Identity of content whose digest nobody published: the first address that it came from. */
export function firstUseKey(url: string): string {
  return `url:${url}`;
}
