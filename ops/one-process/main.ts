import process from 'node:process';
import { commonSettings, readSettings } from '../src/config.ts';
import { runService } from '../src/lifecycle.ts';
import { createLogger, type Logger } from '../src/log.ts';
import type { AskMounted } from '../src/mounted-subgraph.ts';
import { startTracing } from '../src/tracing.ts';
import { loadRooms } from './rooms.ts';
import { inProcessSubgraphs, readConfig } from './settings.ts';

/** The gateway and the subgraphs of `IN_PROCESS_SUBGRAPHS` as one process: the small deployment. */
const log = createLogger({ service: 'quantumroute' });
await runService({ name: 'quantumroute', log, start });

async function start(stack: AsyncDisposableStack): Promise<void> {
  const { env, argv } = process;
  readConfig(env);
  const config = readSettings(commonSettings, env);
  log.level = config.LOG_LEVEL;
  stack.defer(await startTracing({ service: 'quantumroute', config, edge: true }));
  const names = inProcessSubgraphs(env);
  const rooms = await loadRooms(names);
  const mounted = new Map<string, AskMounted>();
  const urls: Record<string, string> = {};
  for (const name of names) {
    const { ask, url } = await rooms.startSubgraph(name, { stack, env, log: loggerOf(name) });
    mounted.set(name, ask);
    urls[`${name.toUpperCase()}_URL`] = url;
  }
  await rooms.startGateway({
    stack,
    argv: argv.slice(2),
    env: { ...env, ...urls },
    log: loggerOf('gateway'),
    mounted,
  });
}

function loggerOf(service: string): Logger {
  return createLogger({ service, level: log.level });
}
