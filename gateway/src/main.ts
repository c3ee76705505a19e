import process from 'node:process';
import { runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { startTracing } from '@quantumroute/ops/tracing';
import { readCommandLine } from './command-line.ts';
import { readConfig, readServingConfig } from './config.ts';
import { serve } from './serve.ts';

const log = createLogger({ service: 'gateway' });
await runService({ name: 'gateway', log, start });

async function start(stack: AsyncDisposableStack): Promise<void> {
  const { env } = process;
  const commandLine = readCommandLine(process.argv.slice(2));
  const config = commandLine.policies === 'on' ? readConfig(env) : readServingConfig(env);
  log.level = config.LOG_LEVEL;
  stack.defer(await startTracing({ service: 'gateway', config, edge: true }));
  await serve(stack, { commandLine, env, log });
}
