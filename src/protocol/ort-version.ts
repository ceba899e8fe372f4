/**
 * The version of onnxruntime-web, for the page, which does not load it: what was found out about one
 * version says nothing of another. A test compares it with package.json.
 */
export const ORT_VERSION = '1.30.0';
