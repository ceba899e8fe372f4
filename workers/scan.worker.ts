import { serveScan, type ScanHelperStart } from '../src/store/packed/scan-helper';

// No contract: it never comes back to read another message.
addEventListener('message', ({ data }: MessageEvent<ScanHelperStart>) => {
  serveScan(data);
});
