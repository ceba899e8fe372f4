/** What `capabilities` tells of a device, as data. */

/** The WebGPU adapter that the browser would use. Texts are empty where the browser keeps them to itself. */
export interface WebGpuCapabilities {
  /** e.g. `apple` or `nvidia`. */
  readonly vendor: string;
  /** e.g. `ampere`. */
  readonly architecture: string;
  readonly description: string;
  /** Computed on the processor: correct, but slower than WASM. */
  readonly isFallback: boolean;
  /** Sorted; `shader-f16` is what fp16 variants need. */
  readonly features: readonly string[];
  readonly limits: WebGpuLimits;
}

/** The adapter's limits that models run into. */
export interface WebGpuLimits {
  /** Bytes. */
  readonly maxBufferSize: number;
  /** Bytes: of the largest tensor that a shader reads or writes. */
  readonly maxStorageBufferBindingSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  /** Bytes. */
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupSizeX: number;
}

/** What WebAssembly can do here. */
export interface WasmCapabilities {
  /** Without it ONNX Runtime does not start. */
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Suspending of WASM for a promise. */
  readonly jspi: boolean;
}

/** Threads that share memory. */
export interface ThreadCapabilities {
  readonly available: boolean;
  /** Logical processors if they are available, else 1. */
  readonly count: number;
}

/** What may be kept on the device. */
export interface StorageCapabilities {
  /** Whether a record could be written and read: some private windows have no database. */
  readonly indexedDb: boolean;
  /** Bytes that the origin may use, as the browser estimates; null if unknown. */
  readonly quota: number | null;
  /** Bytes that the origin uses; null if unknown. */
  readonly usage: number | null;
  /** Whether the browser promises not to evict; null if unknown. */
  readonly persisted: boolean | null;
}

/** What this device and this page can do. */
export interface Capabilities {
  /** Null where there is none. */
  readonly webgpu: WebGpuCapabilities | null;
  readonly wasm: WasmCapabilities;
  readonly threads: ThreadCapabilities;
  readonly crossOriginIsolated: boolean;
  /** GB, rounded and capped by the browser; null where it does not tell. */
  readonly memory: number | null;
  /** Logical processors; null where the browser does not tell. */
  readonly cores: number | null;
  readonly storage: StorageCapabilities;
  /** Tells dead workers and other tabs' work. */
  readonly webLocks: boolean;
  readonly secureContext: boolean;
  /** What limits this device and what to do about it, in sentences; empty if nothing does. */
  readonly advice: readonly string[];
}
