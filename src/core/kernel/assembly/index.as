/**
 * Scans of vector codes. All addresses are the caller's; nothing is allocated here. What goes over
 * rows begins with the part to do, `from` and `to` (exclusive), so that threads can share a scan,
 * each with its own results. Written in AssemblyScript, which only looks like TypeScript.
 */
export { roughRanks } from './rough-ranks';
export { leading } from './rows';
export { signTables, signScores } from './sign-scores';
export { offer } from './best';
