/**
 * What the command line needs of the SDK: manifests are judged by the code that clients run.
 * Built into `dist/model-checks.js`; see load-checks.mjs.
 */
export { parseContentRange } from '../src/delivery/content-range';
export { isPhotoglotError } from '../src/errors';
export { fileReferences } from '../src/models/file-references';
export { requireManifestSignature } from '../src/models/manifest-signature';
export { parseManifest, parseUnpacked } from '../src/models/parse-manifest';
export type { ModelFile, ModelManifest } from '../src/models/manifest';
