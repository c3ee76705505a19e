import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardOfThisProcess } from '@quantumroute/ops/local/guard';
import { startPostgres } from '@quantumroute/ops/local/postgres';
import { type TestStack, testStack } from '@quantumroute/ops/local/testing';

/** Everything as processes, on a PostgreSQL and a Redis that go with this process. */
export async function ownStack(
  options: Parameters<typeof testStack>[0],
): Promise<TestStack & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  process.env['TEST_DATABASE_URL'] = await ownDatabase(opened);
  const stack = await testStack(options);
  opened.defer(stack.stop);
  const running = opened.move();
  return {
    ...stack,
    stop: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function ownDatabase(opened: AsyncDisposableStack): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-bench-'));
  // Root's PostgreSQL runs as another user, who must be able to walk through.
  chmodSync(directory, 0o755);
  guardOfThisProcess().removeAfterwards(directory);
  opened.defer(() => rmSync(directory, { recursive: true, force: true }));
  const postgres = await startPostgres({
    directory: join(directory, 'postgres'),
    password: 'bench',
    durable: false,
  });
  opened.defer(() => postgres.stop());
  return postgres.urlOf();
}
