/** Puts the parts of the bench page together. Uses the SDK as an application does. */
import type { BenchPage } from './bench-page';
import { embedImages, embedTexts } from './embed';
import { openModel } from './current-lens';
import { indexPhotos, makePhoto } from './photos';
import { timeBesideIndexing } from './time-beside-indexing';
import { timePaced } from './time-paced';
import { timeQueries } from './time-queries';
import { timeSearches } from './time-searches';
import { addVectors } from './vectors';

window.bench = {
  open: openModel,
  embedTexts,
  embedImages,
  makePhoto,
  indexPhotos,
  addVectors,
  timeQueries,
  timePaced,
  timeBesideIndexing,
  timeSearches,
} satisfies BenchPage;
