import { runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';

import type { ReportConfig } from './config.ts';
import { readConfig } from './config.ts';

const [command = 'serve', ...words] = process.argv.slice(2);
const name = command === 'worker' || command === 'attempt' ? 'report-worker' : 'report';
const log = createLogger({ service: name });

// Each command loads its own modules: a worker needs no GraphQL server, an attempt no queue.
if (command === 'serve') {
  const { serve } = await import('./commands/serve.ts');
  await runService({ name, log, start: (stack) => serve(stack, { config: readOwnConfig(), log }) });
} else if (command === 'worker') {
  const { work } = await import('./commands/work.ts');
  await runService({ name, log, start: (stack) => work(stack, { config: readOwnConfig(), log }) });
} else if (command === 'migrate') {
  const { migrateStorage } = await import('./storage/open-storage.ts');
  await orRefuse(() => migrateStorage({ config: readOwnConfig(), log }));
} else if (command === 'attempt') {
  const { attempt } = await import('./commands/attempt.ts');
  await orRefuse(() => attempt(words, { config: readOwnConfig(), log }));
} else {
  refuse(`main.ts needs the command serve, worker or migrate, got ${command}`);
}

async function orRefuse(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.debug({ err: error }, `${command} failed`);
    refuse(error instanceof Error ? error.message : String(error));
  }
}

function readOwnConfig(): ReportConfig {
  const config = readConfig(process.env);
  log.level = config.LOG_LEVEL;
  return config;
}

function refuse(message: string): void {
  log.fatal(message);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
