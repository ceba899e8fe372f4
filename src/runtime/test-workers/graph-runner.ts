/** Runs one graph, as the towers do. */
import { TowerSession, type TensorOutput } from '../tower-session';
import type { ArgsOf } from '../../protocol/contract-types';
import type { GraphContract } from './graph-contract';

export class GraphRunner implements GraphContract {
  #session: TowerSession | null = null;

  async open({ url, weights, provider }: ArgsOf<GraphContract['open']>): Promise<null> {
    const path = `${url.split('/').pop() ?? ''}_data`;
    return this.openBlobs({
      model: await blobOf(url),
      data: weights ? [{ path, blob: await blobOf(`${url}_data`) }] : [],
      provider,
    });
  }

  async openBlobs(files: ArgsOf<GraphContract['openBlobs']>): Promise<null> {
    await this.#session?.release();
    this.#session = null;
    this.#session = await TowerSession.create({
      ...files,
      ortUrl: new URL('/ort/', location.href).href,
      threads: 1,
      dtype: 'any',
    });
    return null;
  }

  async run({ inputs, outputs }: ArgsOf<GraphContract['run']>): Promise<readonly TensorOutput[]> {
    if (this.#session === null) throw new Error('no graph is open');
    return this.#session.run(inputs, outputs);
  }
}

async function blobOf(url: string): Promise<Blob> {
  return (await fetch(new URL(url, location.href))).blob();
}
