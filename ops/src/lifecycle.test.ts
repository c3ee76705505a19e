import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';

type Run = { messages: string[]; code: number | null };

/** Runs the test service, calls `act` once it is ready, and waits for its end. */
async function run(
  mode: string,
  act: (service: ReturnType<typeof fork>) => void = () => undefined,
): Promise<Run> {
  const service = fork(`${import.meta.dirname}/test-service.ts`, {
    env: { ...process.env, MODE: mode },
    // Those of a test file would have the service write a summary of its tests between the lines.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const messages: string[] = [];
  let rest = '';
  service.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { msg } = JSON.parse(line) as { msg: string };
      messages.push(msg);
      if (msg === 'ready') act(service);
    }
  });
  // Not `close`: it never comes once the channel was closed from this side.
  const [[code]] = await Promise.all([
    once(service, 'exit') as Promise<[number | null]>,
    service.stdout && finished(service.stdout),
  ]);
  return { messages, code };
}

test('a service closes its parts in reverse order and exits with 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { messages, code } = await run('good', (service) => service.kill(signal));
    assert.deepEqual(messages, [
      'ready',
      'test is stopping',
      'second part closed',
      'first part closed',
      'test has stopped',
    ]);
    assert.equal(code, 0);
  }
});

test('a service stops when the process that started it is gone', async () => {
  const { messages, code } = await run('good', (service) => service.disconnect());
  assert.ok(messages.includes('first part closed'));
  assert.equal(code, 0);
});

test('a failed start closes what was open, says why in one line and exits with 1', async () => {
  const { messages, code } = await run('broken');
  assert.deepEqual(messages, [
    'test could not start: The disk is on fire',
    'second part closed',
    'first part closed',
  ]);
  assert.equal(code, 1);
});

test('wrong settings are listed and the exit code is 1', async () => {
  const { messages, code } = await run('wrong');
  assert.match(messages[0] ?? '', /MODE needs one of good, broken, stuck, got "wrong"/);
  assert.equal(code, 1);
});

test('a service that does not close in time exits with 1', async () => {
  const startedAt = Date.now();
  const { messages, code } = await run('stuck', (service) => service.kill('SIGTERM'));
  assert.ok(messages.includes('not closed in time'));
  assert.equal(code, 1);
  assert.ok(Date.now() - startedAt < 4_000);
});

test('a command that fails says why in one line, exits with 1 and lets its parent go', async () => {
  assert.deepEqual(await run('once'), { messages: ['There is nothing to migrate'], code: 1 });
});
