/** The query in the address, so that a reload or a shared link searches again. */
import type { ActiveQuery } from './app-state';

/** What the address asks for; null for everything. */
export function readHash(): ActiveQuery | null {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const text = parameters.get('q');
  if (text !== null && text.trim() !== '') return { kind: 'text', text };
  const id = parameters.get('like');
  return id === null || id === '' ? null : { kind: 'like', id };
}

/**
 * Writes the query; a dropped picture has no address. `step` adds an entry to the history, which
 * typing letter by letter must not.
 */
export function writeHash(query: ActiveQuery | null, step: boolean): void {
  const hash = hashOf(query);
  if (hash === location.hash) return;
  const url = `${location.pathname}${location.search}${hash}`;
  if (step) history.pushState(null, '', url);
  else history.replaceState(null, '', url);
}

function hashOf(query: ActiveQuery | null): string {
  if (query === null || query.kind === 'picture') return '';
  const entry = query.kind === 'text' ? { q: query.text } : { like: query.id };
  return `#${new URLSearchParams(entry).toString()}`;
}
