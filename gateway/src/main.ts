import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';
import { startTracing } from '@quantumroute/ops/tracing';
import { readManifests } from './admission/manifests.ts';
import type { Manifests } from './admission/manifests.ts';
import { operationNames } from './admission/operation-names.ts';
import { readCommandLine } from './command-line.ts';
import { readConfig, readServingConfig } from './config.ts';
import { createExplorer } from './explorer/explorer.ts';
import { createDownloads } from './http/downloads.ts';
import { createPolicies, withoutPolicies } from './policies.ts';
import { createGateway } from './server.ts';
import type { GatewayParts } from './server.ts';
import { manifestsFolder, supergraphSource } from './supergraph/load-supergraph.ts';
import { watchSupergraph } from './supergraph/watch-supergraph.ts';
import { createSubgraphs } from './upstream/subgraphs.ts';

// Objects of an answer outlive a collection or two while subgraphs are waited for. V8 takes that for a
// long life, makes the next ones among the old objects, and collects those all the time.
setFlagsFromString('--no-allocation-site-pretenuring');

const log = createLogger({ service: 'gateway' });
await runService({ name: 'gateway', log, start });

async function start(stack: AsyncDisposableStack): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2));
  const isGuarded = commandLine.policies === 'on';
  const config = isGuarded ? readConfig(process.env) : readServingConfig(process.env);
  log.level = config.LOG_LEVEL;
  stack.defer(await startTracing({ service: 'gateway', config, edge: true }));
  const metrics = createMetrics('gateway');
  const { registry } = metrics;
  const source = supergraphSource(commandLine, config);
  const supergraph = source.parse(await source.read());
  const subgraphs = createSubgraphs({ config, registry, log });
  stack.defer(() => subgraphs.close());
  const serving = { subgraphs, config, log, metrics };
  const parts = isGuarded
    ? await guarded(serving, stack)
    : { ...serving, policies: withoutPolicies(serving) };
  const gateway = await createGateway(supergraph, parts);
  stack.defer(() => gateway.close());
  const watch = watchSupergraph({
    source,
    serving: supergraph,
    take: gateway.take,
    everyMs: config.GATEWAY_SUPERGRAPH_POLL_MS,
    log,
    registry,
  });
  stack.defer(() => watch.stop());
  process.on('SIGHUP', () => void watch.look());
  const { url } = await gateway.listen(commandLine.port ?? config.GATEWAY_PORT, config.HOST);
  log.info({ url, policies: commandLine.policies }, 'gateway is ready');
}

/** Adds what quantumroute's own gateway has beyond serving a supergraph. */
async function guarded(
  serving: Omit<GatewayParts, 'policies'>,
  stack: AsyncDisposableStack,
): Promise<GatewayParts> {
  const config = readConfig(process.env);
  const { subgraphs, metrics } = serving;
  const redis = openRedis({ url: config.REDIS_URL, log, role: 'commands' });
  stack.defer(() => closeRedis(redis));
  const manifests = await readManifests(manifestsFolder());
  const downloads = createDownloads({
    originNow: () => new URL(subgraphs.urlOf('report')).origin,
    answerMs: config.GATEWAY_REQUEST_DEADLINE_MS,
    log,
  });
  stack.defer(() => downloads.close());
  const explorer = createExplorer({
    production: config.NODE_ENV === 'production',
    graphqlPath: '/graphql',
    credentialsFile: config.DEMO_CREDENTIALS_FILE,
    manifests,
  });
  return {
    ...serving,
    policies: createPolicies({
      config,
      manifests,
      fleet: { post: (request) => subgraphs.clientOf('fleet').post(request) },
      redis,
      log,
      metrics,
    }),
    knownOperations: operationNames(manifests),
    registered: new Map([...manifests.values()].flatMap((documents) => [...documents])),
    ...trackingQueryOf(manifests),
    routes: {
      'GET /downloads/*': { handler: downloads.handler, deadline: false },
      ...explorer.routes,
    },
  };
}

/** The one operation of the client `tracking`. */
function trackingQueryOf(manifests: Manifests): Pick<GatewayParts, 'trackingQuery'> {
  const [trackingQuery] = manifests.get('tracking')?.values() ?? [];
  return trackingQuery === undefined ? {} : { trackingQuery };
}
