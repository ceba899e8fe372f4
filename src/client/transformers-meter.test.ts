import { expect, test } from 'vitest';
import type { TransformersFile } from '../protocol/transformers-contract';
import type { LensProgress } from './api';
import { TransformersMeter } from './transformers-meter';

/** Gives the meter a file of 100 bytes, or as many as it is told. */
function meter(): {
  readonly seen: LensProgress[];
  readonly file: (name: string, loaded: number, rest?: Partial<TransformersFile>) => void;
  readonly finish: () => void;
} {
  const seen: LensProgress[] = [];
  const meter = new TransformersMeter((progress) => seen.push(progress));
  return {
    seen,
    file: (name, loaded, rest) => {
      meter.file({ name, loaded, total: 100, from: 'cache', ...rest });
    },
    finish: () => {
      meter.finish();
    },
  };
}

test('what the second tower reads again does not set the first one back', () => {
  const { seen, file } = meter();
  file('config.json', 60, { from: 'network' });
  file('config.json', 100, { from: 'network' });
  file('config.json', 20);
  file('config.json', 20, { total: 0 });
  expect(seen.map(({ loaded }) => loaded)).toEqual([0, 60, 100, 100, 100]);
  expect(seen.at(-1)?.files).toEqual([
    { name: 'config.json', loaded: 100, total: 100, from: 'network' },
  ]);
});

test('a file that comes late does not bring the download back', () => {
  const { seen, file, finish } = meter();
  file('onnx/text_model.onnx', 100);
  file('onnx/vision_model.onnx', 100);
  file('onnx/vision_model.onnx_data', 50);
  file('onnx/vision_model.onnx_data', 100);
  finish();
  expect(seen.map(({ phase, loaded, total }) => [phase, loaded, total])).toEqual([
    ['manifest', 0, 0],
    ['download', 100, 100],
    ['download', 200, 200],
    ['session', 200, 200],
    ['session', 250, 300],
    ['session', 300, 300],
    ['ready', 300, 300],
  ]);
});
