/** The indexing bench for people. */
import { printTable } from './table.mjs';

/** Smaller parts are left out. */
const LEAST_SHARE = 0.005;

/** @param {import('./indexing.mjs').IndexingReport} report */
export function printIndexing({
  machine,
  pixelsPerPhoto,
  bytesPerPhoto,
  seconds,
  rates,
  profiles,
}) {
  console.log(`${machine.cpu}, ${String(machine.threads)} threads; Chromium ${machine.browser}`);
  const megapixels = (pixelsPerPhoto / 1e6).toFixed(1);
  const megabytes = (bytesPerPhoto / 1e6).toFixed(2);
  printTable(
    `Photos per second (${megapixels} MP, ${megabytes} MB; each run as many photos as take about ${String(seconds)} s, and two batches at least)`,
    ['model', 'format', 'image tower MB', 'threads', 'batch', 'photos', 'median', 'min', 'max'],
    rates.map(({ photosPerSecond: { median, min, max }, ...row }) => [
      row.model,
      row.dtype,
      row.imageMB.toFixed(1),
      row.threads,
      row.batch,
      row.photos,
      median.toFixed(2),
      min.toFixed(2),
      max.toFixed(2),
    ]),
  );
  for (const profile of profiles) printProfile(profile);
}

/** @param {import('./indexing-profile.mjs').IndexingProfile} profile */
function printProfile({ model, dtype, batch, threads, photos, processorTime, workers }) {
  const how = `${dtype}, ${String(threads)} threads, batch ${String(batch)}`;
  const head = ['', '', 'ms per photo', 'share'];
  if (processorTime === null) console.log('\nProcessor time cannot be measured on this system.');
  else {
    printTable(
      `${model}, ${how}: processor time by thread (${String(photos)} photos)`,
      head,
      rows('', processorTime),
    );
  }
  printTable(
    `${model}, ${how}: what the page's threads do`,
    head,
    workers.flatMap(({ name, work }) =>
      work === null ? [[name, 'does not answer: it waits in WASM', null, null]] : rows(name, work),
    ),
  );
}

/** @param {string} name @param {readonly import('./indexing-profile.mjs').Part[]} parts */
function rows(name, parts) {
  return parts
    .filter(({ share }) => share >= LEAST_SHARE)
    .map(({ what, msPerPhoto, share }, at) => [
      at === 0 ? name : '',
      what,
      msPerPhoto.toFixed(1),
      `${(share * 100).toFixed(1)} %`,
    ]);
}
