/** What the calibration graph computes, on own kernels: a backend like others. */
import { CALIBRATION } from './calibration-graph';
import { Compute, rowsAt } from './kernels/compute';
import { fastestKernel } from './kernels/fastest-kernel';
import { createKernel, THEN } from './kernels/kernel';
import { BASE, createMemory, Places, quantizedRows, wholeTiles } from './kernels/memory';
import { threadPool } from './kernels/thread-pool';
import type { LinearWeights } from './kernels/weights';

/** Inputs that share a scale, as in the files of models. */
const GROUP = 128;

/**
 * Gives a function that computes the graph's products once, for so many rows. All weights are zero, as
 * the time does not depend on them; that the numbers are right is for the self-test of a tower.
 */
export async function kernelTrial(rows: number, threads: number): Promise<() => void> {
  const { width, hidden, blocks } = CALIBRATION;
  const places = new Places(BASE);
  const count = wholeTiles(rows);
  const x = places.take(count * width * 4);
  const inner = places.take(count * hidden * 4);
  const quantized = quantizedRows(places, count, hidden, GROUP);
  const linear = (outputs: number, inputs: number): LinearWeights => ({
    weight: places.take(outputs * inputs),
    scale: places.take((outputs * inputs * 4) / GROUP),
    bias: places.take(outputs * 4),
    inputs,
    outputs,
    group: GROUP,
  });
  const layers = Array.from({ length: blocks }, () => ({
    up: linear(hidden, width),
    down: linear(width, hidden),
  }));
  const memory = createMemory(places.end, places.end, threads > 1);
  const name = await fastestKernel();
  const kernel = await createKernel(name, memory);
  const pool = await threadPool(kernel, name, memory, threads);
  const compute = new Compute({ threads: pool, eps: 1 });
  const [from, to] = [rowsAt(x, width), rowsAt(inner, hidden)];
  return () => {
    compute.now(() => {
      for (const { up, down } of layers) {
        compute.linear(up, quantized, rows, from, to, THEN.gelu);
        compute.linear(down, quantized, rows, to, from);
      }
    });
  };
}
