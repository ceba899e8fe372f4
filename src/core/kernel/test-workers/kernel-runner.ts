import { Bitset } from '../../bitset';
import { flatSearch } from '../../flat-search';
import { RowMatrix } from '../../row-matrix';
import { scalarKernel } from '../scalar-kernel';
import { createWasmKernel } from '../wasm-kernel';
import type { KernelContract, KernelTask } from './kernel-contract';

export const kernelRunner: KernelContract = {
  score(task) {
    const matrix = matrixOf(task);
    const all = new Float32Array(matrix.count);
    matrix.score(task.query, (scores, firstRow) => {
      all.set(scores, firstRow);
    });
    return Promise.resolve(all);
  },
  search({ limit, modulus, ...task }) {
    const matrix = matrixOf(task);
    const rows = modulus === 1 ? null : multiplesOf(modulus, matrix.count);
    return Promise.resolve(flatSearch(matrix, task.query, limit, rows));
  },
  copy(task) {
    const matrix = matrixOf(task);
    return Promise.resolve(matrix.copy(0, matrix.count));
  },
};

function multiplesOf(modulus: number, count: number): Bitset {
  const rows = new Bitset(count);
  for (let row = 0; row < count; row += modulus) rows.add(row);
  return rows;
}

function matrixOf({ kernel, dimension, pieces, keep }: KernelTask): RowMatrix {
  const found = kernel === 'scalar' ? scalarKernel : createWasmKernel();
  if (found === null) throw new Error('There is no WASM SIMD here.');
  const matrix = new RowMatrix(found, dimension);
  for (const piece of pieces) matrix.append(piece);
  if (keep !== null) matrix.keep(keep);
  return matrix;
}
