/** The sample photos that a newcomer starts with. */
import type { Credit } from './photo';

const LIST = 'samples/samples.json';

/** Reads the list: each entry has its file, title, author, licence, source and changes. */
export async function loadSamples(): Promise<readonly Credit[]> {
  const response = await fetch(LIST);
  if (!response.ok) throw new Error(`${LIST} answered with status ${String(response.status)}.`);
  const list: unknown = await response.json();
  return Array.isArray(list) ? list.flatMap((entry) => creditsOf(entry)) : [];
}

/** None for an entry without a file. */
function creditsOf(entry: unknown): Credit[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const fields = new Map<string, unknown>(Object.entries(entry));
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  const file = text('file');
  if (file === '') return [];
  return [
    {
      url: `samples/${file}`,
      title: text('title') || file,
      author: text('author'),
      licence: text('licence'),
      licenceUrl: text('licenceUrl'),
      source: text('source'),
      changes: text('changes'),
    },
  ];
}
