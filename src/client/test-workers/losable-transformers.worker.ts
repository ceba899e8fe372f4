import { exposeContract } from '../../protocol/expose';
import type { TransformersTextContract } from '../../protocol/transformers-contract';
import { TransformersTextHost } from '../../runtime/transformers/text-host';
import { makeDevicesLosable } from './losable-device';

makeDevicesLosable('command');
exposeContract<TransformersTextContract>(new TransformersTextHost());
