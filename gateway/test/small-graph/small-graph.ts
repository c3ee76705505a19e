import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { AskMounted } from '@quantumroute/ops/mounted-subgraph';
import { testRedis } from '@quantumroute/ops/local/testing';
import type { TestRedis } from '@quantumroute/ops/local/testing';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';
import { compose } from '@quantumroute/schema/contract/composition';
import type { Manifests } from '../../src/admission/manifests.ts';
import { operationNames } from '../../src/admission/operation-names.ts';
import { readPolicyConfig, readServingConfig } from '../../src/config.ts';
import type { ServingConfig } from '../../src/config.ts';
import { createPolicies, withoutPolicies } from '../../src/policies.ts';
import { createGateway } from '../../src/server.ts';
import { supergraphSource } from '../../src/supergraph/load-supergraph.ts';
import type { SupergraphSource } from '../../src/supergraph/load-supergraph.ts';
import { readSupergraph } from '../../src/supergraph/supergraph.ts';
import { watchSupergraph } from '../../src/supergraph/watch-supergraph.ts';
import { createSubgraphs } from '../../src/upstream/subgraphs.ts';
import { parcelsTypeDefs, startParcels } from './parcels.ts';
import type { Parcels } from './parcels.ts';
import { peopleTypeDefs, startPeople } from './people.ts';
import type { People } from './people.ts';
import { createTokenMint } from './tokens.ts';
import type { TokenMint } from './tokens.ts';

/** The secret between the gateway and the subgraphs of a test. */
export const SECRET = 'a secret of the tests, long enough for it';

/** A gateway over two small subgraphs, all in this process, with a Redis of its own. */
export type SmallGraph = {
  url: string;
  people: People;
  parcels: Parcels;
  redis: TestRedis;
  tokens: TokenMint;
  metrics: Metrics;
  logLines: Record<string, unknown>[];
  /** A second gateway beside the first, such as with other settings. */
  another(
    options: GatewayOptions,
  ): Promise<{ url: string; metrics: Metrics; close(): Promise<void> }>;
  close(): Promise<void>;
};

export type GatewayOptions = {
  env?: Record<string, string>;
  manifests?: Manifests;
  /** Other addresses of the subgraphs. */
  urls?: { people?: string; parcels?: string | undefined };
  policies?: 'on' | 'off';
  /** Where the supergraph is read from, time and again; default once, that of people and parcels. */
  supergraphFile?: string;
  /** Subgraphs that are asked without HTTP. */
  mounted?: ReadonlyMap<string, AskMounted>;
};

/** The text of the supergraph of people and parcels, or of others with where they answer. */
export function smallSupergraph({
  people = peopleTypeDefs,
  parcels = parcelsTypeDefs,
  others = [],
}: {
  people?: string;
  parcels?: string;
  others?: { name: string; url: string; sdl: string }[];
} = {}): string {
  const nowhere = 'http://127.0.0.1:1/graphql';
  const composition = compose([
    { name: 'people', url: nowhere, sdl: people },
    { name: 'parcels', url: nowhere, sdl: parcels },
    ...others,
  ]);
  if (composition.kind === 'refused') throw new Error(composition.errors.join('\n'));
  return composition.supergraphSdl;
}

/** Starts everything; `close` it at the end. */
export async function startSmallGraph(options: GatewayOptions = {}): Promise<SmallGraph> {
  await using stack = new AsyncDisposableStack();
  const people = await startPeople(SECRET);
  stack.defer(() => people.close());
  const parcels = await startParcels(SECRET);
  stack.defer(() => parcels.close());
  const redis = await testRedis();
  stack.defer(redis.stop);
  const tokens = await createTokenMint();
  stack.defer(tokens.remove);
  const logLines: Record<string, unknown>[] = [];
  const start = (given: GatewayOptions) =>
    startGateway({
      ...given,
      urls: { people: people.url, parcels: parcels.url, ...given.urls },
      env: { REDIS_URL: redis.url, JWKS_URL: tokens.jwksUrl, ...given.env },
      logLines,
    });
  const gateway = await start(options);
  stack.defer(gateway.close);
  const running = stack.move();
  return {
    url: gateway.url,
    metrics: gateway.metrics,
    people,
    parcels,
    redis,
    tokens,
    logLines,
    another: start,
    close: () => running.disposeAsync(),
  };
}

async function startGateway({
  env,
  urls,
  manifests = new Map(),
  policies: wanted = 'on',
  supergraphFile,
  mounted = new Map(),
  logLines,
}: GatewayOptions & { env: Record<string, string>; logLines: Record<string, unknown>[] }) {
  await using stack = new AsyncDisposableStack();
  const log = createLogger({
    service: 'gateway',
    level: 'info',
    destination: { write: (line) => void logLines.push(JSON.parse(line) as never) },
  });
  const metrics = createMetrics('gateway');
  const all: Record<string, string> = { SERVICE_IDENTITY_SECRET: SECRET, ...env };
  const config = readServingConfig(all);
  const subgraphs = createSubgraphs({ config, registry: metrics.registry, log, mounted });
  stack.defer(() => subgraphs.close());
  const redis = openRedis({ url: all['REDIS_URL'] ?? '', log, role: 'commands' });
  stack.defer(() => closeRedis(redis));
  // Not `once` of node:events: on a busy machine a first try may fail, which is no end.
  if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
  const policies =
    wanted === 'off'
      ? withoutPolicies({ metrics })
      : createPolicies({
          config: readPolicyConfig(all),
          manifests,
          fleet: { post: (request) => subgraphs.clientOf('people').post(request) },
          redis,
          log,
          metrics,
        });
  const knownOperations = operationNames(manifests);
  const source = sourceOf(supergraphFile, { urls: definedOnly(urls), config });
  const supergraph = source.parse(await source.read());
  const parts = { subgraphs, config, policies, log, metrics, knownOperations };
  const gateway = await createGateway(supergraph, parts);
  stack.defer(() => gateway.close({ graceMs: 100 }));
  const watch = watchSupergraph({
    source,
    serving: supergraph,
    take: gateway.take,
    everyMs: config.GATEWAY_SUPERGRAPH_POLL_MS,
    log,
    registry: metrics.registry,
  });
  stack.defer(() => watch.stop());
  const { url } = await gateway.listen(0, '127.0.0.1');
  const running = stack.move();
  return { url, metrics, close: () => running.disposeAsync() };
}

function sourceOf(
  file: string | undefined,
  { urls, config }: { urls: Record<string, string>; config: ServingConfig },
): SupergraphSource {
  if (file !== undefined) {
    const commandLine = {
      supergraph: file,
      port: null,
      policies: 'off',
      subgraphUrls: urls,
    } as const;
    return supergraphSource(commandLine, config);
  }
  const text = smallSupergraph();
  return { read: async () => text, parse: () => readSupergraph(text, { urls }) };
}

function definedOnly(urls: GatewayOptions['urls'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined));
}
