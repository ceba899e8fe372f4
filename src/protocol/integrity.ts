/** What `Lens.verify` finds. */

export type FindingKind =
  /** Vectors of some items are gone or altered. These items are lost. */
  | 'vectors-damaged'
  /** Items are gone or altered. They are lost; their ids are not known, as a rule. */
  | 'items-damaged'
  /** A packed file cannot be opened. All its items are lost. */
  | 'file-damaged'
  /** What of a packed file can be made of the rest again. No item is lost. */
  | 'index-damaged'
  /** Which rows of a packed file were deleted is not known any more: deleted items may be back. */
  | 'deletions-damaged'
  /** An id is there more than once: the last item counts. */
  | 'duplicate-id'
  /** The collection says another number of items than it has. */
  | 'count-wrong'
  /** A picture, or what a model said of a text, cannot be read. The item stays, without it. */
  | 'attachment-damaged'
  /** The same, of an item that is not there. */
  | 'attachment-left'
  /** Other records that belong to nothing. */
  | 'records-left';

/** Something that is not as it should be. */
export interface Finding {
  readonly kind: FindingKind;
  /** In words: what, and where. */
  readonly message: string;
  /** Items that it concerns; at most, where nobody knows which rows were deleted ones. */
  readonly items: number;
  /** Theirs, as far as they are known; 1,000 at most. */
  readonly ids: readonly string[];
}

export interface IntegrityReport {
  /** Empty for a collection that is sound. */
  readonly findings: readonly Finding[];
  /** Items that are sound. After a repair these are all. */
  readonly sound: number;
  /** Whether anything was changed. */
  readonly repaired: boolean;
}

/** How far a check is. */
export interface IntegrityProgress {
  /** Rows, deleted ones included, and what is kept beside items. */
  readonly done: number;
  readonly total: number;
}
