import { serveScan, type ScanHelperStart } from '../src/store/packed/scan-helper';

// No contract: it reads no other message.
addEventListener('message', ({ data }: MessageEvent<ScanHelperStart>) => {
  serveScan(data);
});
