/** Sends a typed event up through shadow roots. */
export function emit<Name extends keyof PageEvents>(
  from: EventTarget,
  name: Name,
  ...[detail]: PageEvents[Name] extends null ? [] : [PageEvents[Name]]
): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** What components ask of the page, and what comes with it. */
export interface PageEvents {
  /** The text in the box has changed, and may go on changing. */
  'pg-type': string;
  /** An example or Enter: the text is final. */
  'pg-ask': string;
  'pg-search-picture': File;
  /** Id of the photo that others should resemble. */
  'pg-more-like': string;
  'pg-clear-search': null;
  'pg-add-files': readonly File[];
  'pg-add-samples': null;
  'pg-open-photo': string;
  'pg-close-photo': null;
  'pg-remove-photo': string;
  'pg-ask-clear': null;
  'pg-clear-all': null;
  'pg-pause': null;
  'pg-resume': null;
  'pg-cancel': null;
  'pg-dismiss': null;
  'pg-retry': null;
  'pg-update': null;
}

/** The event of that name, for handlers. */
export type PageEvent<Name extends keyof PageEvents> = CustomEvent<PageEvents[Name]>;
