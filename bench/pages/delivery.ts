/** Both sides of the delivery bench, for a driver. */
import { photoglot } from './own-side';
import { transformers } from './peer';

window.delivery = { photoglot, transformers };
