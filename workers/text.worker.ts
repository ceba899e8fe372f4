import { exposeContract } from '../src/protocol/expose';
import type { TextTowerContract } from '../src/protocol/tower-contract';
import { TextTowerHost } from '../src/runtime/text-tower';

exposeContract<TextTowerContract>(new TextTowerHost());
