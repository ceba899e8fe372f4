import { exposeContract } from '../../../protocol/expose';
import { QueryFlag } from '../../../protocol/query-flag';
import type { SiglipSession } from '../siglip-session';
import type { SiglipContract } from './siglip-contract';
import { createSiglip, encodeSiglip } from './siglip-runner';

let session: SiglipSession | null = null;

exposeContract<SiglipContract>({
  load: async ({ kernel, threads, queries, ...files }) => {
    const flag = queries && new QueryFlag(queries, Infinity);
    await session?.release();
    session = await createSiglip(files, kernel, threads, flag);
    return null;
  },
  encode: async (pictures) => {
    if (session === null) throw new Error('nothing is loaded');
    return encodeSiglip(session, pictures);
  },
});
