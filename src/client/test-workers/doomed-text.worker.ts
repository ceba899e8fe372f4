import { exposeContract } from '../../protocol/expose';
import type { TextTowerContract } from '../../protocol/tower-contract';
import { TextTowerHost } from '../../runtime/text-tower';
import { makeDevicesLosable } from './losable-device';

makeDevicesLosable('once');
exposeContract<TextTowerContract>(new TextTowerHost());
