/**
 * Lets a test take the graphics device from ONNX Runtime, as a driver's reset does. The device is the
 * real one, and really lost; only that it goes at all is the test's doing.
 */

/** Takes all devices of all such workers, each of which answers when they are gone. */
export const LOSE = 'photoglot-test-lose-devices';

/** `now`, or `at work`: when the worker hands them the next work. */
export type LoseWhen = 'now' | 'at work';

/** @param at once takes each device as soon as there is one */
export function makeDevicesLosable(at: 'once' | 'command'): void {
  const { prototype } = GPUAdapter;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the adapter below
  const request = prototype.requestDevice;
  const devices: GPUDevice[] = [];
  prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
    const device = await request.call(this, descriptor);
    devices.push(device);
    if (at === 'once') device.destroy();
    return device;
  };
  const channel = new BroadcastChannel(LOSE);
  channel.onmessage = ({ data }: MessageEvent<LoseWhen>) => {
    const destroyAll = (): void => {
      for (const device of devices) device.destroy();
    };
    if (data === 'at work') onNextSubmit(destroyAll);
    else destroyAll();
    channel.postMessage(null);
  };
}

function onNextSubmit(callback: () => void): void {
  const { prototype } = GPUQueue;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the queue below
  const submit = prototype.submit;
  prototype.submit = function (this: GPUQueue, buffers) {
    prototype.submit = submit;
    submit.call(this, buffers);
    callback();
  };
}
