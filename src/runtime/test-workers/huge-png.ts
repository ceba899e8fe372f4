/** Makes a PNG of any size that is small as a file: black and white quarters, 1 bit per pixel. */
export async function hugePng(width: number, height: number): Promise<Blob> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return new Blob([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', await deflate(rows(width, height))),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Each line has a filter byte; black is left above and right below. */
function rows(width: number, height: number): Uint8Array<ArrayBuffer> {
  const stride = 1 + Math.ceil(width / 8);
  const half = Math.floor(stride / 2);
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const white = y < height / 2 ? [half, stride] : [1, half];
    bytes.fill(0xff, y * stride + (white[0] ?? 0), y * stride + (white[1] ?? 0));
  }
  return bytes;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
