/** `npx photoglot`: picks the command, and turns what it throws into a message and a status. */
import { parseArgs } from 'node:util';
import { Failure, UsageError } from './failure.mjs';
import { keygen } from './keygen.mjs';
import { pack } from './pack.mjs';
import { sign } from './sign.mjs';
import { verify } from './verify.mjs';

/**
 * @typedef {Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>} Values
 * @typedef {{
 *   readonly name: string,
 *   readonly summary: string,
 *   readonly help: string,
 *   readonly positionals: readonly string[],
 *   readonly options: import('node:util').ParseArgsConfig['options'],
 *   readonly run: (values: Values, positionals: readonly string[]) => Promise<number>,
 * }} Command `run` resolves to the exit status; `positionals` are the names of what has to be given
 */

/** @type {readonly Command[]} */
const COMMANDS = [pack, verify, keygen, sign];

const HELP = `Usage: photoglot <command> [options]

For people who host models for Photoglot.

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}`).join('\n')}

photoglot <command> --help tells more. The guide is docs/hosting.md.`;

/** @param {readonly string[]} args @returns {Promise<number>} the exit status */
export async function main([name, ...args]) {
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(HELP);
    return 0;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) {
    const got = name === undefined ? 'No command was given.' : `There is no command "${name}".`;
    console.error(`${got}\n\n${HELP}`);
    return 2;
  }
  try {
    return await run(command, args);
  } catch (error) {
    return report(command, error);
  }
}

/** @param {Command} command @param {string[]} args */
async function run(command, args) {
  const { values, positionals } = parse(command, args);
  if (values['help'] === true) {
    console.log(command.help);
    return 0;
  }
  const missing = command.positionals[positionals.length];
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing.`);
  if (positionals.length > command.positionals.length) {
    throw new UsageError(`"${positionals.at(-1)}" is one argument too many.`);
  }
  return command.run(values, positionals);
}

/** @param {Command} command @param {string[]} args */
function parse({ options }, args) {
  /** @type {import('node:util').ParseArgsConfig['options']} */
  const all = { ...options, help: { type: 'boolean', short: 'h' } };
  try {
    return parseArgs({ args, options: all, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @param {Command} command @param {unknown} error @returns {number} the exit status */
function report({ name, help }, error) {
  if (error instanceof UsageError) {
    const usage = help.split('\n', 1)[0] ?? '';
    console.error(`photoglot ${name}: ${error.message}\n${usage}\n--help tells more.`);
    return 2;
  }
  // The SDK's errors and the file system's have a code, and a message for people.
  const known = error instanceof Failure || (error instanceof Error && 'code' in error);
  console.error(`photoglot ${name}:`, known ? error.message : error);
  return 1;
}
