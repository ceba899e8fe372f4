/** Puts the parts of the bench page together. Uses the SDK as an application does. */
import type { BenchPage } from './bench-page';
import { embedImages, embedTexts } from './embed';
import { openModel } from './current-lens';
import { indexPhotos, makePhotos } from './photos';
import { timeQueries } from './time-queries';
import { timeSearches } from './time-searches';
import { addVectors } from './vectors';

window.bench = {
  open: openModel,
  embedTexts,
  embedImages,
  makePhotos,
  indexPhotos,
  addVectors,
  timeQueries,
  timeSearches,
} satisfies BenchPage;
