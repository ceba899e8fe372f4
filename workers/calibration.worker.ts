import type { CalibrationContract } from '../src/protocol/calibration-contract';
import { exposeContract } from '../src/protocol/expose';
import { CalibrationHost } from '../src/runtime/calibration-host';

exposeContract<CalibrationContract>(new CalibrationHost());
