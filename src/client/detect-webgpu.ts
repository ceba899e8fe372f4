/** Asks for the WebGPU adapter and reads what it says of itself. */
import type { WebGpuCapabilities } from './capability-report';

/** In older browsers the adapter itself tells that it computes on the processor. */
interface AdapterWithFlag {
  readonly isFallbackAdapter?: boolean;
}

/** What may be missing from an adapter, whatever the type says. */
interface PartialAdapter extends AdapterWithFlag {
  readonly info?: Partial<GPUAdapterInfo> & AdapterWithFlag;
}

/** Null where there is no adapter; may reject, and in theory never answer. */
export async function detectWebGpu(): Promise<WebGpuCapabilities | null> {
  const gpu = navigator.gpu as GPU | undefined;
  const adapter = await gpu?.requestAdapter();
  if (adapter === undefined || adapter === null) return null;
  const { info = {}, isFallbackAdapter = false } = adapter as PartialAdapter;
  const { limits } = adapter;
  return {
    vendor: info.vendor ?? '',
    architecture: info.architecture ?? '',
    description: info.description ?? '',
    isFallback: info.isFallbackAdapter ?? isFallbackAdapter,
    features: [...adapter.features].sort(),
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    },
  };
}
