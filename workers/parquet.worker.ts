import { serveParquet, type ParquetReaderStart } from '../src/exchange/serve-parquet';

// No contract: whoever started it asks through a port, and ends it.
addEventListener('message', ({ data }: MessageEvent<ParquetReaderStart>) => {
  serveParquet(data);
});
