/** What the WebGPU adapter can do. */

/** Names of its features; empty where there is no adapter or none is given, which the worker then reports. */
export async function gpuFeatures(): Promise<ReadonlySet<string>> {
  // Absent in some browsers, whatever the type says.
  const gpu = navigator.gpu as GPU | undefined;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return new Set(adapter?.features ?? []);
}
