/**
 * The kernels of transformer encoders. All addresses are the caller's; nothing is allocated here. What can be
 * divided begins with the part to do, `from` and `to` (exclusive), so that threads can share it.
 */
export { attention } from './attention';
export { embed } from './embed';
export { interleave } from './interleave';
export { linear } from './linear';
export { norm } from './norm';
export { quantize } from './quantize';
