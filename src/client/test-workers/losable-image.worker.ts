import { exposeContract } from '../../protocol/expose';
import type { ImageTowerContract } from '../../protocol/tower-contract';
import { ImageTowerHost } from '../../runtime/image-tower';
import { makeDevicesLosable } from './losable-device';

makeDevicesLosable('command');
exposeContract<ImageTowerContract>(new ImageTowerHost());
