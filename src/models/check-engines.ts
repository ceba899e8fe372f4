/** What own kernels can run, and what they need beside their file. */
import type { ModelManifest, TowerVariant } from './manifest';

/** A field that is wrong. */
export interface WrongField {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** The first variant of an engine that cannot run it, or lacks something; null where there is none. */
export function wrongEngine({ text, image }: ModelManifest): WrongField | null {
  for (const [tower, { backends }] of Object.entries({ text, image })) {
    for (const device of ['wasm', 'webgpu'] as const) {
      for (const [index, variant] of backends[device].entries()) {
        const wrong = wrongVariant(tower, variant, variant.provider ?? device, { text, image });
        if (wrong === null) continue;
        const { field, ...rest } = wrong;
        return { path: `${tower}.backends.${device}.${String(index)}.${field}`, ...rest };
      }
    }
  }
  return null;
}

type WrongVariant = Omit<WrongField, 'path'> & { readonly field: string };

function wrongVariant(
  tower: string,
  { engine = 'onnx', rows, projector }: TowerVariant,
  provider: string,
  { text, image }: Pick<ModelManifest, 'text' | 'image'>,
): WrongVariant | null {
  const places = { onnx: tower, bert: 'text', siglip: 'image' } as const;
  if (places[engine] !== tower || (engine !== 'onnx' && provider !== 'wasm')) {
    const expected = `"onnx", as "${engine}" is for ${places[engine]} towers, and with the provider "wasm"`;
    return { field: 'engine', expected, received: engine };
  }
  if (engine === 'siglip' && image.geometry.kind !== 'patches') {
    const expected = '"onnx", as "siglip" is for a geometry of patches';
    return { field: 'engine', expected, received: engine };
  }
  const isGraphOfTexts = engine === 'onnx' && tower === 'text';
  if (isGraphOfTexts && rows !== undefined && text.words === undefined) {
    const expected = 'nothing, as "text.words" does not name the input that takes them';
    return { field: 'rows', expected, received: typeof rows };
  }
  return (
    (isGraphOfTexts
      ? null
      : misplaced('rows', 'packs of words', engine, engine === 'bert', rows)) ??
    misplaced(
      'projector',
      'a projector',
      engine,
      engine === 'siglip' && image.projector !== undefined,
      projector,
    )
  );
}

/** Missing where it is needed, or there where it is not. */
function misplaced(
  field: string,
  what: string,
  engine: string,
  needed: boolean,
  value: unknown,
): WrongVariant | null {
  if (needed === (value !== undefined)) return null;
  const expected = `${needed ? what : 'nothing'} for the engine "${engine}"`;
  return { field, expected, received: typeof value };
}
