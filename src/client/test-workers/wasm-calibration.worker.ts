/** Measures WASM whatever it is asked for, with the rows of a text: quick on any machine. */
import type { CalibrationBackend, CalibrationContract } from '../../protocol/calibration-contract';
import { exposeContract } from '../../protocol/expose';
import { CalibrationHost } from '../../runtime/calibration-host';

class WasmCalibration extends CalibrationHost {
  override start(backend: CalibrationBackend): Promise<null> {
    return super.start({ ...backend, provider: 'wasm', tower: 'text' });
  }
}

exposeContract<CalibrationContract>(new WasmCalibration());
