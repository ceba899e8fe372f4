/** Command-line options of the drivers: checked before anything long starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * @typedef {{
 *   readonly value: string, readonly required?: boolean, readonly kind?: 'path' | 'model' | 'count',
 *   readonly default?: string,
 * }} OptionRule `value` is the placeholder that the usage shows
 */

/** Says what is wrong and how it is used, without a stack, and ends. */
export class UsageError extends Error {}

/**
 * @param {string} command as the user types it
 * @param {Readonly<Record<string, OptionRule>>} rules
 * @param {readonly string[]} args
 * @returns {{ values: Record<string, string | undefined>, json: boolean, rest: string[] }}
 */
export function readOptions(command, rules, args) {
  const parsed = parse(command, rules, args);
  const { json, ...given } = parsed.values;
  /** @type {Record<string, string | undefined>} */
  const values = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = given[name] ?? rule.default;
    if (value === undefined && rule.required === true) {
      throw new UsageError(`--${name} ${rule.value} is missing.\n${usage(command, rules)}`);
    }
    if (typeof value === 'string') check(name, rule, value);
    values[name] = typeof value === 'string' ? value : undefined;
  }
  return { values, json: json === true, rest: parsed.positionals };
}

/** @param {string} command @param {Readonly<Record<string, OptionRule>>} rules @param {readonly string[]} args */
function parse(command, rules, args) {
  const strings = Object.keys(rules).map((name) => [
    name,
    { type: /** @type {const} */ ('string') },
  ]);
  /** @type {Record<string, { type: 'string' | 'boolean' }>} */
  const options = { json: { type: 'boolean' }, ...Object.fromEntries(strings) };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${why}\n${usage(command, rules)}`);
  }
}

/** @param {string} name @param {OptionRule} rule @param {string} value */
function check(name, { kind }, value) {
  if (kind === 'path' && !existsSync(value)) {
    throw new UsageError(`--${name}: there is no ${value}.`);
  }
  if (kind === 'model' && !existsSync(join(value, 'manifest.json'))) {
    throw new UsageError(`--${name}: there is no manifest.json in ${value}.`);
  }
  if (kind === 'count' && !/^[1-9]\d*$/.test(value)) {
    throw new UsageError(`--${name} must be a whole number above 0; got ${value}.`);
  }
}

/** @param {string} command @param {Readonly<Record<string, OptionRule>>} rules */
function usage(command, rules) {
  const parts = Object.entries(rules).map(([name, { value, required }]) =>
    required === true ? `--${name} ${value}` : `[--${name} ${value}]`,
  );
  return `Usage: ${command} ${[...parts, '[--json]'].join(' ')}`;
}

/**
 * Runs a driver; ends the process with 2 for wrong usage.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
