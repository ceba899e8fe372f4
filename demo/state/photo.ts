/** A photo of the library as the page sees it, and as it is stored beside its vector. */
import type { Hit, ItemInput, ItemRecord, Meta, MetaValue } from 'photoglot';

/** Who made a sample photo, and what may be done with it. */
export interface Credit {
  /** Relative to the page. */
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly licence: string;
  /** The licence's text; empty when it has no address. */
  readonly licenceUrl: string;
  /** Where it comes from, in words or as an address. */
  readonly source: string;
  /** What was changed. */
  readonly changes: string;
}

export interface Photo {
  readonly id: string;
  readonly name: string;
  /** Bytes; 0 where unknown. */
  readonly size: number;
  /** When the file was changed: milliseconds since 1970; 0 where unknown. */
  readonly modified: number;
  /** Stamp of the run that added it. */
  readonly added: number;
  /** Place within that run. */
  readonly order: number;
  readonly credit: Credit | null;
  /** Cosine to the query; null outside a search. */
  readonly score: number | null;
}

/** What tells files apart before their content has been read. */
export function fileKey(file: Pick<Photo, 'name' | 'size' | 'modified'>): string {
  return `${file.name}|${String(file.size)}|${String(file.modified)}`;
}

/** A file, ready to be added. */
export function itemOfFile(file: File, added: number, order: number): ItemInput {
  const meta = { name: file.name, size: file.size, modified: file.lastModified, added, order };
  return { image: file, fields: { name: file.name }, meta };
}

/** A sample photo, ready to be added. */
export function itemOfSample(credit: Credit, added: number, order: number): ItemInput {
  const meta = { name: credit.title, size: 0, modified: 0, added, order, credit: { ...credit } };
  return { image: new URL(credit.url, document.baseURI), fields: { name: credit.title }, meta };
}

export function photoOfRecord(record: ItemRecord): Photo {
  const { meta } = record;
  return {
    id: record.id,
    name: text(meta.name) || 'Untitled',
    size: number(meta.size),
    modified: number(meta.modified),
    added: number(meta.added),
    order: number(meta.order),
    credit: creditOf(meta.credit),
    score: null,
  };
}

export function photoOfHit(hit: Hit): Photo {
  return { ...photoOfRecord(hit), score: hit.score };
}

/** Newest run first; within a run in the order of the files. */
export function newestFirst(a: Photo, b: Photo): number {
  return b.added - a.added || a.order - b.order;
}

function creditOf(value: MetaValue | undefined): Credit | null {
  if (!isRecord(value)) return null;
  return {
    url: text(value.url),
    title: text(value.title),
    author: text(value.author),
    licence: text(value.licence),
    licenceUrl: text(value.licenceUrl),
    changes: text(value.changes),
    source: text(value.source),
  };
}

function isRecord(value: MetaValue | undefined): value is Meta {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: MetaValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function number(value: MetaValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
