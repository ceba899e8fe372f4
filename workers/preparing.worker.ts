import { exposeContract } from '../src/protocol/expose';
import { PreparingHost, type PreparingContract } from '../src/runtime/preparing-host';

exposeContract<PreparingContract>(new PreparingHost());
