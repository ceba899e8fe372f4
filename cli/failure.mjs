/** The two ways in which a command ends badly by a fault of its input. */

/** Ends with status 1 and its message, without a stack. */
export class Failure extends Error {
  /** @param {string} message @param {unknown} [cause] */
  constructor(message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
  }
}

/** The command was called wrongly: its message, a hint at the help, status 2. */
export class UsageError extends Error {}
