/**
 * Lets a test take the graphics device from ONNX Runtime, as a driver's reset does. The device is the
 * real one, and really lost; only that it goes at all is the test's doing.
 */

/** Takes all devices of all such workers. */
export const LOSE = 'photoglot-test-lose-devices';

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
  new BroadcastChannel(LOSE).onmessage = () => {
    for (const device of devices) device.destroy();
  };
}
