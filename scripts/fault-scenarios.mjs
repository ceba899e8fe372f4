/** What the fault server serves, when it misbehaves, and what came of it. */

/** @typedef {import('./fault-types.mjs').FaultRule} FaultRule */
/** @typedef {import('./fault-types.mjs').FaultSetting} FaultSetting */

/** One scenario under way. */
export class FaultScenario {
  /** @type {import('./fault-types.mjs').LoggedRequest[]} */
  log = [];
  /** @type {Map<FaultRule, number>} answers that a rule was asked about */
  #asked = new Map();

  /** @param {FaultSetting} setting */
  constructor({ files, rules = [], options = {} }) {
    this.files = files;
    this.rules = rules;
    this.options = options;
  }

  /**
   * Files and options are added, rules replaced.
   * @param {Partial<FaultSetting>} change
   */
  change({ files, rules, options }) {
    this.files = { ...this.files, ...files };
    this.options = { ...this.options, ...options };
    if (rules !== undefined) this.rules = rules;
  }

  /**
   * The rule for an answer with these bytes of the file, if there is one; counts it as applied.
   * @param {string} file
   * @param {number} start
   * @param {number} end
   * @returns {FaultRule | null}
   */
  take(file, start, end) {
    return this.rules.find((rule) => this.#applies(rule, file, start, end)) ?? null;
  }

  /**
   * @param {FaultRule} rule
   * @param {string} file
   * @param {number} start
   * @param {number} end
   */
  #applies(rule, file, start, end) {
    const { skip = 0, times = 1, at } = rule;
    if (rule.file !== undefined && rule.file !== file) return false;
    if (at !== undefined && (at < start || at >= end)) return false;
    const asked = (this.#asked.get(rule) ?? 0) + 1;
    this.#asked.set(rule, asked);
    return asked > skip && (times === 0 || asked <= skip + times);
  }
}
