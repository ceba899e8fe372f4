import { exposeContract } from '../src/protocol/expose';
import type { ImageTowerContract } from '../src/protocol/tower-contract';
import { ImageTowerHost } from '../src/runtime/image-tower';

exposeContract<ImageTowerContract>(new ImageTowerHost());
