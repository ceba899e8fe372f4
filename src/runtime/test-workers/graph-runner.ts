/** Runs one graph, as the towers do. */
import { TowerSession, type TensorOutput } from '../tower-session';
import type { ArgsOf } from '../../protocol/contract-types';
import type { GraphContract } from './graph-contract';

export class GraphRunner implements GraphContract {
  #session: TowerSession | null = null;

  async open({ url, weights, provider }: ArgsOf<GraphContract['open']>): Promise<null> {
    await this.#session?.release();
    const path = `${url.split('/').pop() ?? ''}_data`;
    this.#session = await TowerSession.create({
      model: await bytesOf(url),
      data: weights ? [{ path, bytes: await bytesOf(`${url}_data`) }] : [],
      provider,
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

async function bytesOf(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(new URL(url, location.href))).arrayBuffer());
}
