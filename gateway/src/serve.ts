import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { AskMounted } from '@quantumroute/ops/mounted-subgraph';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';
import { readManifests } from './admission/manifests.ts';
import type { Manifests } from './admission/manifests.ts';
import { operationNames } from './admission/operation-names.ts';
import type { CommandLine } from './command-line.ts';
import { readConfig, readServingConfig } from './config.ts';
import { createExplorer } from './explorer/explorer.ts';
import { createDownloads } from './http/downloads.ts';
import { createPolicies, withoutPolicies } from './policies.ts';
import { createGateway } from './server.ts';
import type { GatewayParts } from './server.ts';
import { manifestsFolder, supergraphSource } from './supergraph/load-supergraph.ts';
import { watchSupergraph } from './supergraph/watch-supergraph.ts';
import { createSubgraphs } from './upstream/subgraphs.ts';

/** What a gateway is started with. */
export type ServeOptions = {
  commandLine: CommandLine;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** Subgraphs in this process, by name; the others are asked over HTTP. */
  mounted?: ReadonlyMap<string, AskMounted>;
};

/** Opens the parts of the gateway in order and listens. */
export async function serve(
  stack: AsyncDisposableStack,
  { commandLine, env, log, mounted = new Map() }: ServeOptions,
): Promise<void> {
  // Objects of an answer outlive a collection or two while subgraphs are waited for. V8 takes that for
  // a long life, makes the next ones among the old objects, and collects those all the time.
  setFlagsFromString('--no-allocation-site-pretenuring');
  const isGuarded = commandLine.policies === 'on';
  const config = isGuarded ? readConfig(env) : readServingConfig(env);
  const metrics = createMetrics('gateway');
  const { registry } = metrics;
  const source = supergraphSource(commandLine, config);
  const supergraph = source.parse(await source.read());
  const subgraphs = createSubgraphs({ config, registry, log, mounted });
  stack.defer(() => subgraphs.close());
  const serving = { subgraphs, config, log, metrics };
  const parts = isGuarded
    ? await guarded(serving, { stack, env })
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
  { stack, env }: { stack: AsyncDisposableStack; env: ServeOptions['env'] },
): Promise<GatewayParts> {
  const config = readConfig(env);
  const { subgraphs, metrics, log } = serving;
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
