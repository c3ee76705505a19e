/**
 * Installs what `npm start` and `npm test` need and is missing: the dependencies (among them Node
 * 24 and PostgreSQL 18) and a Redis server. Plain JavaScript without dependencies, because it runs
 * first, on whatever Node (20 or later) the machine has.
 *
 * `--own-redis`: a Redis server is needed even if REDIS_URL names one. `--no-redis`: none is needed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LOCKFILE = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const INSTALLED_HASH = join(ROOT, 'node_modules/.quantumroute-lockfile-hash');
const TURN = join(ROOT, '.quantumroute/install-turn');
const LONGEST_TURN_MS = 900_000;

try {
  checkNode();
  if (!isComplete()) await inTurn(installMissing);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

function checkNode() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < 20) throw new Error(`Node 20 or later is needed; this is ${process.version}.`);
}

function isComplete() {
  return dependenciesAreFresh() && nodeIsReady() && (!needsRedis() || redisIsThere());
}

async function installMissing() {
  if (!dependenciesAreFresh()) await installDependencies();
  if (!nodeIsReady()) await rebuildNode();
  if (needsRedis() && !redisIsThere()) await installRedis();
}

/** Two commands that are started together would install into each other's half-made folders. */
async function inTurn(work) {
  mkdirSync(dirname(TURN), { recursive: true });
  if (!takeTurn()) {
    const stopTelling = tell('Waiting for another command that installs', Date.now());
    while (!takeTurn()) await new Promise((resolve) => setTimeout(resolve, 200));
    stopTelling();
  }
  try {
    await work();
  } finally {
    rmSync(TURN, { force: true });
  }
}

function takeTurn() {
  try {
    writeFileSync(TURN, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (turnIsAbandoned()) rmSync(TURN, { force: true });
    return false;
  }
}

/** Whoever was killed could not give his turn back. */
function turnIsAbandoned() {
  const file = statSync(TURN, { throwIfNoEntry: false });
  if (!file) return false;
  if (Date.now() - file.mtimeMs > LONGEST_TURN_MS) return true;
  try {
    process.kill(Number(readFileSync(TURN, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** npm writes its own copy of the lockfile last, so an interrupted install counts as none. */
function dependenciesAreFresh() {
  const installed = statSync(INSTALLED, { throwIfNoEntry: false });
  if (!installed) return false;
  if (installed.mtimeMs >= statSync(LOCKFILE).mtimeMs) return true;
  return existsSync(INSTALLED_HASH) && readFileSync(INSTALLED_HASH, 'utf8') === lockfileHash();
}

function lockfileHash() {
  return createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
}

async function installDependencies() {
  const flags = ['--include=dev', '--no-audit', '--no-fund'];
  try {
    await runNpm(['ci', ...flags], 'Installing the dependencies');
  } catch (error) {
    // npm ci wants a lockfile without a gap, and npm's own releases differ about what one is.
    if (!error.message.includes('EUSAGE')) throw error;
    console.log('npm ci refuses the lockfile; trying npm install instead.');
    await runNpm(['install', '--no-save', ...flags], 'Installing the dependencies');
  }
  writeFileSync(INSTALLED_HASH, lockfileHash());
}

/** The npm package `node` fetches the real program in an install script, which can be skipped. */
function nodeIsReady() {
  const program = statSync(join(ROOT, 'node_modules/node/bin/node'), { throwIfNoEntry: false });
  return program !== undefined && program.size > 1_000_000;
}

async function rebuildNode() {
  await runNpm(['rebuild', 'node', '--ignore-scripts=false'], 'Installing Node 24');
  if (!nodeIsReady()) {
    throw new Error(
      'Node 24 could not be installed from npm (package "node"): are install scripts allowed here?',
    );
  }
}

function runNpm(parameters, what) {
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
  return run(command, [...first, ...parameters], { what });
}

function needsRedis() {
  if (process.argv.includes('--no-redis')) return false;
  return process.argv.includes('--own-redis') || !process.env.REDIS_URL;
}

function redisIsThere() {
  return onPath('redis-server') || onPath('valkey-server');
}

async function installRedis() {
  if (!onPath('apt-get')) throw new Error(redisAdvice());
  const prefix = privilege();
  if (!prefix) throw new Error(redisAdvice());
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q'];
  const aptGet = (...parameters) => [...prefix, ...quiet, ...parameters];
  const install = aptGet('install', '-y', '--no-install-recommends', 'redis-server');
  try {
    await run(install[0], install.slice(1), { what: 'Installing redis-server by apt-get' });
  } catch {
    const update = aptGet('update');
    await run(update[0], update.slice(1), { what: 'Updating the package lists of apt-get' });
    await run(install[0], install.slice(1), { what: 'Installing redis-server by apt-get' });
  }
  if (!redisIsThere()) throw new Error(redisAdvice());
}

/** How to become root: not at all, by sudo, or (undefined) impossible without asking. */
function privilege() {
  if (process.getuid?.() === 0) return [];
  if (!onPath('sudo')) return undefined;
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
    return ['sudo', '-n'];
  } catch {
    return process.stdin.isTTY ? ['sudo'] : undefined;
  }
}

function redisAdvice() {
  const command =
    process.platform === 'darwin'
      ? 'brew install redis'
      : onPath('dnf')
        ? 'sudo dnf install valkey'
        : onPath('apt-get')
          ? 'sudo apt-get install redis-server'
          : 'the package manager of this system (redis-server or valkey-server)';
  return `A Redis server is needed and not on the PATH: install it with ${command}, or set REDIS_URL to one that runs.`;
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs a program, tells that it is still at it, and shows the end of its output if it fails. */
function run(command, parameters, { what }) {
  const startedAt = Date.now();
  const stopTelling = tell(what, startedAt);
  const child = spawn(command, parameters, { cwd: ROOT, stdio: ['inherit', 'pipe', 'pipe'] });
  let output = '';
  const keep = (text) => (output = (output + text).slice(-60_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  return new Promise((resolve, reject) => {
    const finish = (problem) => {
      stopTelling();
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      if (!problem) {
        console.log(`${what}: done (${seconds} s)`);
        return resolve();
      }
      reject(new Error(`${what}: ${problem} after ${seconds} s.\n${telling(output)}`));
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code) => finish(code === 0 ? '' : `failed with exit code ${code}`));
  });
}

/** Without npm's warnings; the reason is at the beginning or at the end. */
function telling(output) {
  const lines = output.split('\n').filter((line) => line.trim() && !line.startsWith('npm warn'));
  return (lines.length > 30 ? [...lines.slice(0, 15), '…', ...lines.slice(-15)] : lines).join('\n');
}

function tell(what, startedAt) {
  const isTerminal = process.stdout.isTTY;
  process.stdout.write(`${what} …${isTerminal ? '' : '\n'}`);
  const again = () => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    process.stdout.write(
      `${isTerminal ? '\r' : ''}${what} … ${seconds} s${isTerminal ? '' : '\n'}`,
    );
  };
  const timer = setInterval(again, isTerminal ? 1_000 : 15_000);
  return () => {
    clearInterval(timer);
    if (isTerminal) process.stdout.write('\r\x1b[K');
  };
}
