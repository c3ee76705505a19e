import { runOnce, runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { startTracing } from '@quantumroute/ops/tracing';

import type { ReportConfig } from './config.ts';
import { readConfig } from './config.ts';

const [command = 'serve', ...words] = process.argv.slice(2);
const name = command === 'worker' || command === 'attempt' ? 'report-worker' : 'report';
const log = createLogger({ service: name });

// Each command loads its own modules: a worker needs no GraphQL server, an attempt no queue.
if (command === 'serve') {
  const { serve } = await import('./commands/serve.ts');
  const start = async (stack: AsyncDisposableStack) => {
    const config = readOwnConfig();
    stack.defer(await startTracing({ service: name, config }));
    await serve(stack, { config, log });
  };
  await runService({ name, log, start });
} else if (command === 'worker') {
  const { work } = await import('./commands/work.ts');
  await runService({ name, log, start: (stack) => work(stack, { config: readOwnConfig(), log }) });
} else if (command === 'migrate') {
  const { migrateStorage } = await import('./storage/open-storage.ts');
  await runOnce({ log, run: () => migrateStorage({ config: readOwnConfig(), log }) });
} else if (command === 'attempt') {
  const { attempt } = await import('./commands/attempt.ts');
  await runOnce({ log, run: () => attempt(words, { config: readOwnConfig(), log }) });
} else {
  await runOnce({ log, run: refuseCommand });
}

function refuseCommand(): never {
  throw new Error(`main.ts needs the command serve, worker or migrate, got ${command}`);
}

function readOwnConfig(): ReportConfig {
  const config = readConfig(process.env);
  log.level = config.LOG_LEVEL;
  return config;
}
