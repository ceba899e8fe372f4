/** Which files belong to a model, before the first byte of them is read. */
import { Failure } from './failure.mjs';
import { isDocument } from './folder-files.mjs';

/**
 * The manifest's files, sorted. Throws when one is missing, or when the folder has one that nothing
 * refers to: it would be uploaded for nothing, or was forgotten in the manifest.
 *
 * @param {{
 *   checks: import('./load-checks.mjs').Checks,
 *   json: Readonly<Record<string, unknown>>,
 *   present: readonly string[],
 *   ignored: ReadonlySet<string>,
 *   ownFiles: boolean,
 * }} plan `ownFiles`: whether the manifest's `files` are those of this folder
 */
export function filesToPack({ checks, json, present, ignored, ownFiles }) {
  const manifest = checks.parseUnpacked({ ...json, files: {} });
  const references = new Set(checks.fileReferences(manifest).map(({ file }) => file));
  const described = Object.keys(/** @type {object} */ (json['files'] ?? {}));
  // Named only in `files`: by a field of a later release, perhaps.
  const others = described.filter((name) => ownFiles && present.includes(name));
  const wanted = new Set([...references, ...others.filter((name) => !ignored.has(name))]);
  const missing = [...wanted].filter((name) => !present.includes(name));
  const unknown = present.filter(
    (name) => !wanted.has(name) && !ignored.has(name) && !isDocument(name),
  );
  refuse(missing, unknown);
  return {
    names: [...wanted].sort(),
    dropped: described.filter((name) => !wanted.has(name)),
  };
}

/** @param {readonly string[]} missing @param {readonly string[]} unknown */
function refuse(missing, unknown) {
  const faults = [];
  if (missing.length > 0) {
    faults.push(
      `The manifest names files that are not in the folder: ${missing.join(', ')}. Export them ` +
        'again, or take them out of its "backends".',
    );
  }
  if (unknown.length > 0) {
    faults.push(
      `The folder has files that the manifest does not name: ${unknown.join(', ')}. Name them in ` +
        'its "backends", move them away, or pass --ignore NAME for each.',
    );
  }
  if (faults.length > 0) throw new Failure(faults.join('\n'));
}
