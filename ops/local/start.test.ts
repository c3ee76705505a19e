import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { runningDatabaseUrl } from './instance.ts';
import { machineEnvironment } from './machine-environment.ts';
import { isAlive } from './orphan.ts';
import { inProject } from './project.ts';
import { SERVICES } from './services.ts';

describe('npm start', () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'quantumroute-start-'));
    // Root's PostgreSQL runs as another user, who must be able to walk through.
    chmodSync(directory, 0o755);
    env = await ownEnvironment(directory);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  test('lists every wrong setting of every service and starts nothing', async () => {
    const wrong = { GATEWAY_PORT: 'door', DATABASE_POOL_SIZE: '0', LOCAL_DEMO_DATA: 'lots' };
    const { code, output } = await runToEnd({ ...env, ...wrong });
    assert.equal(code, 1);
    for (const name of Object.keys(wrong)) {
      assert.equal(output.split(`- ${name} `).length, 2, `${name} once in:\n${output}`);
    }
  });

  test('names the setting of a taken port', async () => {
    const squatter = createServer().listen(Number(env['ROUTE_PORT']), '127.0.0.1');
    await once(squatter, 'listening');
    const { code, output } = await runToEnd(env);
    squatter.close();
    assert.equal(code, 1);
    assert.match(output, /ROUTE_PORT \d+ is taken by another program/);
    assert.doesNotMatch(output, /FLEET_PORT/);
  });

  test(
    'prints a query that answers, refuses a second start, and leaves nothing after Ctrl-C',
    { timeout: 300_000 },
    async () => {
      const start = await startReady({ ...env, LOCAL_DEMO_DATA: 'small' });
      const curl = /^curl .*$/m.exec(start.output())?.[0];
      assert.ok(curl, start.output());
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', curl]);
      const answer = JSON.parse(stdout) as { data: { depots: { nodes: unknown[] } } };
      assert.ok(answer.data.depots.nodes.length > 0, stdout);

      const second = await runToEnd(env);
      assert.equal(second.code, 1);
      assert.match(second.output, new RegExp(`runs here already \\(process ${start.child.pid}\\)`));

      const databaseUrl = runningDatabaseUrl(env['LOCAL_DIR'] ?? '');
      assert.ok(databaseUrl && start.output().includes(databaseUrl));

      const pids = childrenOf(directory);
      assert.equal(pids.length, SERVICES.length + 2);
      start.child.kill('SIGINT');
      const [code] = (await once(start.child, 'exit')) as [number];
      assert.equal(code, 0, start.output());
      assert.match(start.output(), /Stopped\.\n$/);
      assert.deepEqual(pids.filter(isAlive), []);
      assert.equal(runningDatabaseUrl(env['LOCAL_DIR'] ?? ''), null);
    },
  );

  test(
    'stops in order when nobody reads any more what it prints',
    { timeout: 300_000 },
    async () => {
      const started = start({ ...env, LOCAL_DEMO_DATA: 'none' });
      await until(() => childrenOf(directory).length > 0);
      started.child.stdout?.destroy();
      await once(started.child, 'exit');
      assert.deepEqual(childrenOf(directory), []);
    },
  );

  test(
    'starts again after a kill -9, and brings back a service that crashes',
    { timeout: 300_000 },
    async () => {
      const killed = await startReady({ ...env, LOCAL_DEMO_DATA: 'none' });
      const leftovers = childrenOf(directory);
      killed.child.kill('SIGKILL');
      const again = await startReady({ ...env, LOCAL_DEMO_DATA: 'none' });
      assert.deepEqual(leftovers.filter(isAlive), []);

      const fleet = childrenOf(directory).at(-1) as number;
      process.kill(fleet, 'SIGKILL');
      await until(() => /fleet .*runs again/.test(again.output()));
      again.child.kill('SIGTERM');
      await once(again.child, 'exit');
      assert.deepEqual(childrenOf(directory), []);
    },
  );
});

async function ownEnvironment(directory: string): Promise<NodeJS.ProcessEnv> {
  const ports = await Promise.all(
    SERVICES.map(async ({ portSetting }) => [portSetting, String(await freePort())] as const),
  );
  const env = { ...machineEnvironment(), LOCAL_DIR: join(directory, 'stack') };
  return { ...env, ...Object.fromEntries(ports) };
}

type Start = { child: ChildProcess; output(): string };

function start(env: NodeJS.ProcessEnv): Start {
  const child = spawn(process.execPath, [inProject('ops/local/start.ts')], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output };
}

async function runToEnd(env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const { child, output } = start(env);
  const [code] = (await once(child, 'close')) as [number];
  return { code, output: output() };
}

async function startReady(env: NodeJS.ProcessEnv): Promise<Start> {
  const started = start(env);
  await until(() => {
    assert.equal(started.child.exitCode, null, started.output());
    return started.output().includes('A query to paste');
  });
  return started;
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 240_000;
  while (!isTrue()) {
    assert.ok(Date.now() < deadline, 'it takes too long');
    await sleep(50);
  }
}

/** What the start has noted for its successor; nothing after an orderly end. */
function childrenOf(directory: string): number[] {
  try {
    const text = readFileSync(join(directory, 'stack/instance.json'), 'utf8');
    return (JSON.parse(text) as { pids: number[] }).pids;
  } catch {
    return [];
  }
}
