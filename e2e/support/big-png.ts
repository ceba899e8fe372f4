/** Writes a PNG row by row, for pictures that are large in pixels and small on disk. */
import { createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflate } from 'node:zlib';

/** Filter 2 of PNG: each byte is the difference to the one above. */
const UP = 2;

/** Blue above, green below. */
const SKY = [90, 150, 220];
const MEADOW = [70, 140, 60];

/** A meadow under the sky, `width` × `height` pixels. */
export async function writeBigPng(path: string, width: number, height: number): Promise<void> {
  const pixels: Buffer[] = [];
  const collect = new Writable({
    write: (part: Buffer, _encoding, done) => {
      pixels.push(part);
      done();
    },
  });
  await pipeline(Readable.from(rows(width, height)), createDeflate({ level: 1 }), collect);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits per channel, RGB, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', Buffer.concat(pixels)), chunk('IEND')];
  await pipeline(Readable.from([signature, ...chunks]), createWriteStream(path));
}

function* rows(width: number, height: number): Generator<Buffer> {
  let above = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    const colour = y < height / 2 ? SKY : MEADOW;
    const step = colour.map((value, channel) => (value - (above[channel] ?? 0)) & 0xff);
    above = colour;
    yield Buffer.concat([Buffer.from([UP]), Buffer.alloc(3 * width, Buffer.from(step))]);
  }
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
