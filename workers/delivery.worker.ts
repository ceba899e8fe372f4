import { DeliveryHost } from '../src/delivery/delivery-host';
import { exposeContract } from '../src/protocol/expose';
import type { DeliveryContract } from '../src/protocol/delivery-contract';

exposeContract<DeliveryContract>(new DeliveryHost());
