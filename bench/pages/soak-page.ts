/** What the soak page offers to the driver. */

export interface SoakPage {
  /** Loads the model at that URL for the first time, and unloads it. */
  open(model: string): Promise<null>;
  /** Loads the model, encodes a text and a picture, and unloads it; milliseconds. */
  round(): Promise<number>;
}

declare global {
  interface Window {
    /** Set when the soak page is ready. */
    soak?: SoakPage;
  }
}
