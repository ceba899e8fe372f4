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
    const accept = modulus === 1 ? null : (row: number) => row % modulus === 0;
    return Promise.resolve(flatSearch(matrixOf(task), task.query, limit, accept));
  },
  copy(task) {
    const matrix = matrixOf(task);
    return Promise.resolve(matrix.copy(0, matrix.count));
  },
};

function matrixOf({ kernel, dimension, pieces, keep }: KernelTask): RowMatrix {
  const found = kernel === 'scalar' ? scalarKernel : createWasmKernel();
  if (found === null) throw new Error('There is no WASM SIMD here.');
  const matrix = new RowMatrix(found, dimension);
  for (const piece of pieces) matrix.append(piece);
  if (keep !== null) matrix.keep(keep);
  return matrix;
}
