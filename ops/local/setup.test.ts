import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { inProject } from './project.ts';

/** A checkout with nothing but setup.mjs, and a PATH with nothing but the programs of a test. */
let checkout: string;
const path = (...parts: string[]) => join(checkout, ...parts);

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'quantumroute-setup-'));
  mkdirSync(path('ops/local'), { recursive: true });
  mkdirSync(path('bin'));
  copyFileSync(inProject('ops/local/setup.mjs'), path('ops/local/setup.mjs'));
  writeFileSync(path('package-lock.json'), '{}');
  symlinkSync('/usr/bin/env', path('bin/env'));
  program('sudo', '[ "$1" = -n ] && shift\nexec "$@"');
  program('npm', NPM);
  program('redis-server', '');
});
afterEach(() => rmSync(checkout, { recursive: true }));

describe('setup', () => {
  test('says and does nothing when everything is there', () => {
    setup();
    const { status, output } = setup();
    assert.equal(status, 0);
    assert.equal(output, '');
  });

  test('installs the dependencies of a fresh checkout and says so', () => {
    const { status, output } = setup();
    assert.equal(status, 0);
    assert.match(output, /Installing the dependencies: done \(\d/);
    assert.match(calls(), /^npm ci --include=dev/);
  });

  test('installs again when the lockfile has changed, not when only its time has', () => {
    setup();
    touchLockfile();
    assert.equal(setup().output, '');
    writeFileSync(path('package-lock.json'), '{"changed":true}');
    touchLockfile();
    assert.match(setup().output, /Installing the dependencies/);
  });

  test('shows the end of what npm said when the installation fails', () => {
    program('npm', 'echo "npm error code E404" >&2\nexit 1');
    const { status, output } = setup();
    assert.equal(status, 1);
    assert.match(output, /failed with exit code 1 after/);
    assert.match(output, /npm error code E404/);
  });

  test('falls back to npm install where npm ci refuses the lockfile', () => {
    program('npm', `[ "$1" = ci ] && { echo "npm error code EUSAGE" >&2; exit 1; }\n${NPM}`);
    const { status, output } = setup();
    assert.equal(status, 0, output);
    assert.match(calls(), /npm install --no-save/);
  });

  test('fetches Node 24 when its install script did not run', () => {
    setup();
    rmSync(path('node_modules/node/bin/node'));
    const { status } = setup();
    assert.equal(status, 0);
    assert.match(calls(), /npm rebuild node/);
  });

  test('installs once when two commands start together', async () => {
    program('npm', `sleep 1\n${NPM}`);
    const [one, other] = await Promise.all([setupAside(), setupAside()]);
    assert.deepEqual([one.status, other.status], [0, 0], one.output + other.output);
    assert.match(one.output + other.output, /Waiting for another command that installs/);
    assert.equal(calls().match(/npm ci/g)?.length, 1);
  });

  test('takes the turn of a command that was killed while it installed', () => {
    mkdirSync(path('.quantumroute'));
    writeFileSync(path('.quantumroute/install-turn'), '4194305');
    assert.equal(setup().status, 0);
    assert.equal(existsSync(path('.quantumroute/install-turn')), false);
  });

  test('takes valkey-server for a Redis', () => {
    rmSync(path('bin/redis-server'));
    program('valkey-server', '');
    assert.equal(setup().status, 0);
  });

  test('installs redis-server by apt-get, after an update when the package is not known', () => {
    rmSync(path('bin/redis-server'));
    program('apt-get', APT_GET);
    const { status, output } = setup();
    assert.equal(status, 0, output);
    assert.match(output, /Updating the package lists/);
    assert.ok(existsSync(path('bin/redis-server')));
  });

  test('says in one sentence what to install where there is no apt-get', () => {
    rmSync(path('bin/redis-server'));
    program('dnf', '');
    const { status, output } = setup();
    assert.equal(status, 1);
    assert.match(output.trim(), /^A Redis server is needed .*\bset REDIS_URL to one that runs\.$/m);
  });

  test('needs no Redis where REDIS_URL names one, except for tests', () => {
    setup();
    rmSync(path('bin/redis-server'));
    const env = { REDIS_URL: 'redis://elsewhere' };
    assert.equal(setup([], env).status, 0);
    assert.equal(setup(['--own-redis'], env).status, 1);
    assert.equal(setup(['--no-redis']).status, 0);
  });
});

const NPM = `
case $1 in
  ci | install) mkdir -p node_modules/node/bin && echo '{}' > node_modules/.package-lock.json ;;
esac
head -c 1100000 /dev/zero > node_modules/node/bin/node`;

const APT_GET = `
shift
case $1 in
  update) : > "$CHECKOUT/updated" ;;
  install)
    [ -e "$CHECKOUT/updated" ] || { echo "E: Unable to locate package" >&2; exit 100; }
    cp "$CHECKOUT/bin/sudo" "$CHECKOUT/bin/redis-server" ;;
esac`;

/** Each program notes how it was called, and finds the usual commands. */
function program(name: string, script: string): void {
  const lines = [
    '#!/bin/sh',
    'PATH=/usr/bin:/bin:$PATH',
    `echo "${name} $*" >> "$CHECKOUT/calls"`,
    script,
  ];
  writeFileSync(path('bin', name), `${lines.join('\n')}\n`);
  chmodSync(path('bin', name), 0o755);
}

function setup(parameters: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path('ops/local/setup.mjs'), ...parameters],
    { encoding: 'utf8', env: { PATH: path('bin'), CHECKOUT: checkout, ...env } },
  );
  return { status, output: stdout + stderr };
}

async function setupAside() {
  const child = spawn(process.execPath, [path('ops/local/setup.mjs')], {
    env: { PATH: path('bin'), CHECKOUT: checkout },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

function calls(): string {
  return readFileSync(path('calls'), 'utf8');
}

function touchLockfile(): void {
  const later = new Date(Date.now() + 60_000);
  utimesSync(path('package-lock.json'), later, later);
}
