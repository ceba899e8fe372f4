/** The bytes of an answer: where they come from, and how they are sent with a fault on the way. */
import { open, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { seededBytes } from './seeded-bytes.mjs';

/** @typedef {import('./fault-types.mjs').FaultFile} FaultFile */
/** @typedef {import('./fault-types.mjs').FaultRule} FaultRule */
/** @typedef {{ size: number, read: (start: number, end: number) => AsyncIterable<Uint8Array> }} Content */

/** Bytes that are sent at a time. */
const PIECE = 64 * 1024;

/**
 * @param {FaultFile} file
 * @param {boolean} gzip whether it is the file's compressed form that is served
 * @returns {Promise<Content>}
 */
export async function contentOf(file, gzip) {
  const content = await plainContent(file);
  if (!gzip) return content;
  const pieces = [];
  for await (const piece of content.read(0, content.size)) pieces.push(piece);
  return inMemory(gzipSync(Buffer.concat(pieces)));
}

/**
 * @param {FaultFile} file
 * @returns {Promise<Content>}
 */
async function plainContent(file) {
  if ('base64' in file) return inMemory(Buffer.from(file.base64, 'base64'));
  if ('path' in file) return onDisk(file.path, (await stat(file.path)).size);
  const { seed, size } = file;
  return { size, read: inPieces((start, end) => seededBytes(seed, start, end)) };
}

/**
 * @param {Uint8Array} bytes
 * @returns {Content}
 */
function inMemory(bytes) {
  return { size: bytes.length, read: inPieces((start, end) => bytes.subarray(start, end)) };
}

/** @param {(start: number, end: number) => Uint8Array} read */
function inPieces(read) {
  return async function* (/** @type {number} */ start, /** @type {number} */ end) {
    for (let at = start; at < end; at += PIECE) yield read(at, Math.min(at + PIECE, end));
  };
}

/**
 * @param {string} path
 * @param {number} size
 * @returns {Content}
 */
function onDisk(path, size) {
  return {
    size,
    async *read(start, end) {
      const file = await open(path);
      try {
        for (let at = start; at < end; at += PIECE) {
          const piece = new Uint8Array(Math.min(PIECE, end - at));
          await file.read(piece, 0, piece.length, at);
          yield piece;
        }
      } finally {
        await file.close();
      }
    },
  };
}

/**
 * Sends bytes of the content as the rule wants it. Resolves when the answer has ended in whatever
 * way, or stalls.
 * @param {import('node:http').ServerResponse} response
 * @param {{ content: Content, start: number, end: number, rule: FaultRule | null, onSent: (bytes: number) => void }} options
 */
export async function sendBody(response, { content, start, end, rule, onSent }) {
  const kind = rule?.kind;
  const after = rule?.after ?? 0;
  const isCut = kind === 'drop' || kind === 'stall' || kind === 'truncate';
  const last = isCut ? Math.min(end, start + after) : end;
  let at = start;
  for await (const piece of content.read(start, last)) {
    const flipped = rule?.kind === 'flip' ? withFlip(piece, (rule.at ?? 0) - at) : piece;
    if (!(await send(response, flipped, rule, onSent))) return;
    at += piece.length;
  }
  if (kind === 'oversize' && !(await send(response, new Uint8Array(after), null, onSent))) return;
  if (kind === 'drop') response.socket?.destroy();
  // A head without a body is not sent before there is one.
  else if (kind === 'stall') response.flushHeaders();
  else response.end();
}

/**
 * @param {Uint8Array} piece
 * @param {number} at
 */
function withFlip(piece, at) {
  if (at < 0 || at >= piece.length) return piece;
  const flipped = piece.slice();
  flipped[at] = Number(flipped[at]) ^ 1;
  return flipped;
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Uint8Array} bytes
 * @param {FaultRule | null} rule
 * @param {(bytes: number) => void} onSent
 * @returns {Promise<boolean>} false when the client has gone
 */
async function send(response, bytes, rule, onSent) {
  const step = rule?.kind === 'drip' ? (rule.bytes ?? 1024) : bytes.length;
  for (let at = 0; at < bytes.length; at += step) {
    if (response.destroyed) return false;
    if (rule?.kind === 'drip') await wait(rule.every ?? 10);
    const piece = bytes.subarray(at, at + step);
    if (!(await written(response, piece))) return false;
    onSent(piece.length);
  }
  return true;
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Uint8Array} piece
 * @returns {Promise<boolean>} false when the client has gone
 */
function written(response, piece) {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(piece, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}
