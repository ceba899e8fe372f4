/** A picture as `ImageData` has it, for code that runs where there is no `ImageData`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA rows, top to bottom. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}
