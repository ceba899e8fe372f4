/**
 * Notices that the graphics device is gone: by a driver's update or reset, or because the browser
 * took it away. ONNX Runtime waits for such a device for ever, or fails with words of its own.
 */
import { PhotoglotError } from '../errors';

/** Milliseconds in which the browser says why a run failed, if it was for the device. */
const GRACE_MS = 300;

export class DeviceWatch {
  readonly #waiting = new Set<(error: PhotoglotError) => void>();
  #loss: PhotoglotError | null = null;

  constructor({ lost }: Pick<GPUDevice, 'lost'>) {
    void lost.then(({ reason, message }) => {
      const why = message === '' ? reason : `${reason}: ${message}`;
      this.#loss = new PhotoglotError('device-lost', `The graphics device was lost (${why}).`);
      for (const reject of this.#waiting) reject(this.#loss);
      this.#waiting.clear();
    });
  }

  /** Settles as the work does, or rejects with `device-lost` as soon as the device is gone. */
  during<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#loss !== null) {
        reject(this.#loss);
        return;
      }
      // Not Promise.race: that would keep every result for as long as the device lives.
      this.#waiting.add(reject);
      const end = (settle: () => void): void => {
        this.#waiting.delete(reject);
        settle();
      };
      work().then(
        (result) => {
          end(() => {
            resolve(result);
          });
        },
        (thrown: unknown) => {
          // What fails because the device is going may fail before the browser says so.
          setTimeout(() => {
            end(() => {
              reject(this.#loss ?? (thrown as Error));
            });
          }, GRACE_MS);
        },
      );
    });
  }
}
