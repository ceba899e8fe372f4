/** Loads ONNX Runtime as the towers do, and looks at what came over the network. */
import type { ArgsOf } from '../../protocol/contract-types';
import { calibrationGraph } from '../calibration-graph';
import { loadOrt } from '../ort-module';
import type { OrtBuildContract } from './ort-build-contract';

export class OrtBuildRunner implements OrtBuildContract {
  async fetched({
    provider,
    jspi,
  }: ArgsOf<OrtBuildContract['fetched']>): ReturnType<OrtBuildContract['fetched']> {
    if (!jspi) Reflect.deleteProperty(WebAssembly, 'Suspending');
    const ortUrl = new URL('/ort/', location.href).href;
    const { InferenceSession } = await loadOrt({ provider, ortUrl, threads: 1 });
    const graph = calibrationGraph('fp32', 1);
    await (await InferenceSession.create(graph, { executionProviders: ['wasm'] })).release();
    return performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname.split('/').pop() ?? '')
      .filter((name) => name.endsWith('.wasm'));
  }
}
