import type { CalibrationContract } from '../../protocol/calibration-contract';
import { exposeContract } from '../../protocol/expose';
import { CalibrationHost } from '../../runtime/calibration-host';
import { makeDevicesLosable } from './losable-device';

makeDevicesLosable('once');
exposeContract<CalibrationContract>(new CalibrationHost());
