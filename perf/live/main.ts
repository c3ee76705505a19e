// npm run bench:live -- [--subscribers N] [--events N] [--field NAME] [--out DIR]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@quantumroute/ops/local/free-port';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { ownStack } from '../own-stack.ts';
import { startBroadcast } from './broadcast/broadcast.ts';
import { nowMs, startClients } from './clients/clients.ts';
import { FIELDS, type Field, subscriptionOf } from './fields.ts';
import { openLiveReport } from './live-report.ts';
import { type Server, measureServer } from './measure-server.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { type FieldFigures, markdownTable, terminalTable } from './tables.ts';

const options = readOptions(process.argv.slice(2));
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await bench(options);
}

async function bench(wanted: Options): Promise<void> {
  const inspectPort = await freePort();
  await using stack = await ownStack({ env: productionLike(inspectPort) });
  // Nothing but the bench is to change reports.
  await stack.kill('worker');
  using opened = new DisposableStack();
  const clients = opened.adopt(startClients(), ({ stop }) => stop());
  const measured: FieldFigures[] = [];
  for (const field of FIELDS.filter(({ name }) => wanted.fields.includes(name))) {
    console.log(`${field.name}: ${wanted.subscribers.toLocaleString('en')} subscribers`);
    const gateway = await measureGateway({ stack, clients, field, inspectPort, wanted });
    const bare = await measureBroadcast({ clients, frame: gateway.frame, wanted });
    measured.push({ field: field.name, gateway, bare });
    console.log(`${terminalTable(measured.slice(-1))}\n`);
  }
  mkdirSync(wanted.out, { recursive: true });
  writeFileSync(join(wanted.out, 'results.json'), `${JSON.stringify(measured, null, 2)}\n`);
  writeFileSync(join(wanted.out, 'live.md'), markdownTable(measured));
  console.log(`Written to ${wanted.out}`);
}

/** All subscribers are one caller at one address here, and no limit is to be measured. */
function productionLike(inspectPort: number): NodeJS.ProcessEnv {
  const plenty = '20000';
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    NODE_OPTIONS: `--inspect-port=127.0.0.1:${inspectPort}`,
    GATEWAY_MAX_SOCKETS: plenty,
    GATEWAY_MAX_CONNECTIONS_PER_CLIENT: plenty,
    GATEWAY_MAX_SUBSCRIPTIONS_PER_CLIENT: plenty,
  };
}

type Parts = { clients: ReturnType<typeof startClients>; wanted: Options };

async function measureGateway({
  stack,
  clients,
  field,
  inspectPort,
  wanted,
}: Parts & { stack: TestStack; field: Field; inspectPort: number }) {
  const report = await openLiveReport(stack);
  const { header } = stack.credentials['dispatcher'] ?? { header: { name: '', value: '' } };
  const server: Server = {
    url: `${stack.urls.gateway.replace('http', 'ws')}/graphql`,
    pid: stack.pid('gateway') ?? 0,
    inspectPort,
    init: { [header.name]: header.value },
    subscribe: subscriptionOf(field, report.id),
    change: report.change,
  };
  try {
    return await measureServer(clients, server, wanted);
  } finally {
    await report.close();
  }
}

/** The same bytes as the gateway's, with a version that grows. */
async function measureBroadcast({ clients, frame, wanted }: Parts & { frame: string }) {
  const inspectPort = await freePort();
  const broadcast = await startBroadcast([`--inspect-port=127.0.0.1:${inspectPort}`]);
  let version = 1_000_000;
  const server: Server = {
    url: broadcast.url,
    pid: broadcast.pid,
    inspectPort,
    init: {},
    subscribe: {},
    async change() {
      version += 1;
      broadcast.send(frame.replace(/"version":\d+/, `"version":${version}`));
      return { version, committedAtMs: nowMs() };
    },
  };
  try {
    return await measureServer(clients, server, wanted);
  } finally {
    broadcast.stop();
  }
}
