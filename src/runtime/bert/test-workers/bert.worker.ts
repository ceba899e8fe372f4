import { exposeContract } from '../../../protocol/expose';
import { fastestKernel } from '../../kernels/fastest-kernel';
import type { BertSession } from '../bert-session';
import type { BertContract } from './bert-contract';
import { createBert, encodeBert } from './bert-runner';

let session: BertSession | null = null;

exposeContract<BertContract>({
  fastest: () => fastestKernel(),
  load: async ({ model, rows, kernel, threads }) => {
    await session?.release();
    session = await createBert({ model, rows }, kernel, threads);
    return null;
  },
  encode: async (texts) => {
    if (session === null) throw new Error('nothing is loaded');
    return encodeBert(session, texts);
  },
});
