/** Tells one search from another, so that a cursor is not used with a search that it is not of. */
import type { QueryLeaf } from '../core/query';
import type { ImageSource } from './api';
import type { SearchPlan } from './search-plan';

/**
 * All that decides about the hits of a search, but for what they are: equal for equal searches, and different
 * for most others. Pictures count by what they tell without being read.
 */
export function queryKey(leaves: readonly QueryLeaf<ImageSource>[], plan: SearchPlan): string {
  const content = leaves.map((leaf) => ({ ...leaf, ...contentOf(leaf) }));
  return JSON.stringify([content, { ...plan, limit: null, cursor: null }]);
}

function contentOf(leaf: QueryLeaf<ImageSource>): object {
  switch (leaf.kind) {
    case 'text':
      return {};
    case 'vector':
      return { vector: [...leaf.vector] };
    case 'image':
      return { image: describeImage(leaf.image) };
    default:
      return leaf satisfies never;
  }
}

function describeImage(image: ImageSource): unknown {
  if (typeof image === 'string' || image instanceof URL) return String(image);
  if (image instanceof Blob) return [image.type, image.size];
  return [image.width, image.height];
}
