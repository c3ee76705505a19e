import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings, setting } from './config.ts';
import { runOnce, runService } from './lifecycle.ts';
import { createLogger } from './log.ts';

// A service for the tests of lifecycle.ts, which run it as a process of its own.
const log = createLogger({ service: 'test' });

if (process.env['MODE'] === 'once') await runOnce({ log, run: fail });
else await runService({ name: 'test', log, graceMs: 300, start });

function fail(): never {
  throw new Error('There is nothing to migrate');
}

async function start(stack: AsyncDisposableStack): Promise<void> {
  const { MODE } = readSettings(
    { MODE: setting.oneOf(['good', 'broken', 'stuck'], 'good') },
    process.env,
  );
  const timer = setInterval(() => undefined, 1_000);
  stack.defer(() => clearInterval(timer));
  stack.defer(() => log.info('first part closed'));
  stack.defer(async () => {
    await sleep(MODE === 'stuck' ? 5_000 : 20);
    log.info('second part closed');
  });
  if (MODE === 'broken') throw new Error('The disk is on fire');
  log.info('ready');
}
