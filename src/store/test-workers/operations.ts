/**
 * Writes to a collection as plain data: made at random, told to another process, applied to a
 * reference. All of an item follows from its number and the seed of the write, so that nothing but
 * these has to be kept to know it.
 */
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { normalise } from '../../core/normalise';
import type { Meta, TextFields } from '../../protocol/store-contract';
import { DIMENSION } from './store-harness';

/** Numbers of items: `first`, `first + step`, …, `count` of them. */
export interface Span {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

export type Operation =
  | {
      readonly kind: 'put';
      readonly span: Span;
      readonly seed: number;
      readonly rough: boolean;
      readonly pictures: boolean;
    }
  | { readonly kind: 'refine'; readonly span: Span; readonly seed: number }
  | { readonly kind: 'update'; readonly number: number; readonly seed: number }
  | { readonly kind: 'delete'; readonly span: Span }
  /** Vectors from a file, which add what is not there. */
  | { readonly kind: 'import'; readonly span: Span; readonly seed: number }
  | { readonly kind: 'clear' }
  /** Exports the collection, to be restored later. */
  | { readonly kind: 'save' }
  /** Replaces the collection by what was saved last; of no effect when nothing was. */
  | { readonly kind: 'restore' };

/** What an item is to be, in a form that JSON keeps. */
export interface PlainItem {
  readonly number: number;
  readonly vectorSeed: number;
  readonly meta: Meta;
  readonly fields: TextFields;
  readonly rough: boolean;
  /** Content of the pictures. */
  readonly thumbnail: string | null;
  readonly original: string | null;
  /** Whether it was updated where it stood: it need not stand there any more. */
  readonly isUpdated: boolean;
}

/** As a counterexample shows it. */
export function operationText(operation: Operation): string {
  switch (operation.kind) {
    case 'put': {
      const { span, seed, rough, pictures } = operation;
      return `put ${spanText(span)} seed ${seed}${rough ? ' rough' : ''}${pictures ? ' pictures' : ''}`;
    }
    case 'refine':
    case 'import':
      return `${operation.kind} ${spanText(operation.span)} seed ${operation.seed}`;
    case 'update':
      return `update ${operation.number} seed ${operation.seed}`;
    case 'delete':
      return `delete ${spanText(operation.span)}`;
    case 'clear':
    case 'save':
    case 'restore':
      return operation.kind;
    default:
      return operation satisfies never;
  }
}

function spanText({ first, count, step }: Span): string {
  const last = first + (count - 1) * step;
  if (count === 1) return `${first}`;
  return step === 1 ? `${first}…${last}` : `${first}…${last} by ${step}`;
}

export function numbersOf({ first, count, step }: Span): number[] {
  return Array.from({ length: count }, (_, index) => first + index * step);
}

export function idOf(number: number): string {
  return `item ${number}`;
}

/** The items of a write that brings vectors. */
export function itemsOf(operation: Extract<Operation, { kind: 'put' | 'import' }>): PlainItem[] {
  const { kind, span, seed } = operation;
  const [rough, pictures] = kind === 'put' ? [operation.rough, operation.pictures] : [false, false];
  return numbersOf(span).map((number) => ({
    number,
    vectorSeed: seed,
    meta: {
      number,
      seed,
      kind: 'abc'.charAt(number % 3),
      tags: [`t${seed % 4}`, `n${number % 7}`],
    },
    fields: { text: `${idOf(number)} of ${seed}` },
    rough,
    thumbnail: pictures && number % 4 === 0 ? `thumbnail ${number} of ${seed}` : null,
    original: pictures && number % 8 === 0 ? `original ${number} of ${seed}` : null,
    isUpdated: false,
  }));
}

/** What an update merges into an item. */
export function updateOf(seed: number): { readonly meta: Meta; readonly fields: TextFields } {
  return {
    meta: { note: seed, [`note ${seed % 3}`]: true },
    fields: { caption: `caption ${seed}` },
  };
}

/** A unit vector. Of seed 0 there are five, so that many items score the same. */
export function vectorOf(number: number, seed: number): Float32Array<ArrayBuffer> {
  const next = randomNumbers(seed === 0 ? number % 5 : (number + 1) * 7919 + seed * 104_729);
  const vector = normalise(Float32Array.from({ length: DIMENSION }, next));
  if (vector === null) throw new Error('a random vector was zero');
  return vector;
}

/** The vectors of items, one after the other. */
export function vectorsOf(items: readonly Pick<PlainItem, 'number' | 'vectorSeed'>[]) {
  const vectors = new Float32Array(items.length * DIMENSION);
  items.forEach(({ number, vectorSeed }, index) =>
    vectors.set(vectorOf(number, vectorSeed), index * DIMENSION),
  );
  return vectors;
}
