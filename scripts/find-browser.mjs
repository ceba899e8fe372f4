/**
 * Finds a Chromium for the tests, and gets one if there is none. Run by itself it prints the path.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const WINDOWS_FOLDERS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

const MISSING = `No Chromium was found, and none could be installed.
Install Chrome or Chromium, or run "npx playwright install chromium", or set the environment
variable PHOTOGLOT_BROWSER to the path of a Chromium executable.`;

/**
 * The path of a Chromium that is on this machine.
 * @returns {string | null}
 */
export function findBrowser() {
  const chosen = process.env['PHOTOGLOT_BROWSER'];
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new Error(`PHOTOGLOT_BROWSER is "${chosen}", which does not exist.`);
  }
  return candidates().find((path) => existsSync(path)) ?? null;
}

/**
 * The path of a Chromium, installed now if need be.
 * @returns {string}
 */
export function ensureBrowser() {
  const found = findBrowser();
  if (found !== null) return found;
  // On a bare Debian the package brings the system libraries that Playwright's download lacks.
  if (isDebianRoot()) installWithApt();
  if (findBrowser() === null) installWithPlaywright();
  const installed = findBrowser();
  if (installed === null) throw new Error(MISSING);
  return installed;
}

/** @returns {string[]} */
function candidates() {
  return [...installedPaths(), chromium.executablePath()];
}

/** @returns {string[]} */
function installedPaths() {
  if (process.platform === 'darwin') return MAC_APPS;
  if (process.platform === 'win32') {
    return WINDOWS_FOLDERS.flatMap((name) => {
      const folder = process.env[name];
      return folder === undefined ? [] : [join(folder, 'Google/Chrome/Application/chrome.exe')];
    });
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

function isDebianRoot() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return (
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

function installWithApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execute('apt-get', ['update', '-qq'], env);
  execute('apt-get', ['install', '-y', '-qq', 'chromium'], env);
}

function installWithPlaywright() {
  const cli = fileURLToPath(new URL('../node_modules/playwright/cli.js', import.meta.url));
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '20000' };
  execute(process.execPath, [cli, 'install', 'chromium'], env);
}

/**
 * Failures are not looked at here: what counts is whether a browser is there afterwards.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function execute(command, args, env) {
  console.error(`> ${command} ${args.join(' ')}`);
  // Output goes to stderr: stdout is for the path alone.
  spawnSync(command, args, { env, stdio: ['ignore', 2, 2], timeout: 10 * 60_000 });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(ensureBrowser());
}
