import { exposeContract } from '../src/protocol/expose';
import type { StoreContract } from '../src/protocol/store-contract';
import { Store } from '../src/store/store';

exposeContract<StoreContract>(new Store());
