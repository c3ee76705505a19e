import type { ApolloServerPlugin } from '@apollo/server';
import { createIdentitySigner } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import { redisKey } from '@quantumroute/ops/redis';
import type { Redis } from 'ioredis';
import type { Limits } from './admission/limits.ts';
import type { Manifests } from './admission/manifests.ts';
import { createAdmission } from './admission/plugin.ts';
import type { AdmitOperation } from './admission/admit-operation.ts';
import { createAnswerCache, organizationKey } from './caching/answer-cache.ts';
import type { AnswerCache } from './caching/answer-cache.ts';
import { createAnswerStore } from './caching/answer-store.ts';
import type { AnswerStore } from './caching/answer-store.ts';
import { createBoundedStore } from './caching/bounded-store.ts';
import { createBreaker } from './caching/breaker.ts';
import { createGenerations, createLocalGenerations } from './caching/generations.ts';
import type { Generations } from './caching/generations.ts';
import { createPersistedQueryCache } from './caching/persisted-queries.ts';
import type { PersistedQueryCache } from './caching/persisted-queries.ts';
import type { PolicyConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import { createAuthenticator } from './identity/authenticate.ts';
import { ANONYMOUS_CALLER } from './identity/caller.ts';
import { createCredentialLookup } from './identity/credential-lookup.ts';
import { openKeySet } from './identity/key-set.ts';
import { createKnownCallers, describeCaller } from './identity/known-callers.ts';
import type { KnownCallers } from './identity/known-callers.ts';
import { createPartnerKeyReader } from './identity/partner-keys.ts';
import { createTokenReader } from './identity/tokens.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import type { SubgraphClient } from './upstream/subgraph-client.ts';

/** What a gateway asks of its callers and remembers of them. */
export type Policies = {
  callers: KnownCallers;
  rulesFor: (supergraph: Supergraph) => Rules;
  generations: Generations;
  /** Signs the caller for the subgraphs; null when they ask for nothing. */
  sign: ((identity: Identity) => Promise<string>) | null;
  /** Null keeps what Apollo Server does by itself. */
  persistedQueries: PersistedQueryCache | null;
  /** Lets nobody of the caller's organization read what its caches knew before. Never rejects. */
  forget: (identity: Identity) => Promise<void>;
  /** Signs the cursors of subscriptions; null for a key that this process alone knows. */
  cursorSecret: string | null;
};

/** What counts under one supergraph. */
export type Rules = {
  /** Throws for what the caller may not run; null lets everybody run anything. */
  admit: AdmitOperation | null;
  answers: AnswerCache;
  /** What every operation passes in Apollo Server's pipeline. */
  plugins: readonly ApolloServerPlugin<GatewayContext>[];
};

/** No policies: everybody may send anything, nothing is kept, the subgraphs learn of no caller. */
export function withoutPolicies({ metrics }: { metrics: Metrics }): Policies {
  const generations = createLocalGenerations();
  return {
    callers: { authenticate: async () => ANONYMOUS_CALLER, known: () => ANONYMOUS },
    rulesFor(supergraph) {
      const nothing = { store: null, maxTtlSeconds: 0 };
      const answers = createAnswerCache({ ...nothing, generations, supergraph, metrics });
      return { admit: null, answers, plugins: [answers.plugin] };
    },
    generations,
    sign: null,
    persistedQueries: null,
    forget: (identity) => generations.raise(organizationKey(identity)),
    cursorSecret: null,
  };
}

/** The policies of quantumroute. `fleet` answers whose an API key is. */
export function createPolicies({
  config,
  manifests,
  fleet,
  redis,
  log,
  metrics,
}: {
  config: PolicyConfig;
  manifests: Manifests;
  fleet: Pick<SubgraphClient, 'post'>;
  redis: Redis;
  log: Logger;
  metrics: Metrics;
}): Policies {
  const { sign } = createIdentitySigner(config.SERVICE_IDENTITY_SECRET);
  const limits = limitsOf(config);
  const { store, generations, persistedQueries } = createCaches({ config, redis, log, metrics });
  return {
    rulesFor(supergraph) {
      const admission = createAdmission({ schema: supergraph.schema, limits, manifests });
      const maxTtlSeconds = config.GATEWAY_CACHE_MAX_SECONDS;
      const kept = { store, generations, supergraph, maxTtlSeconds };
      const answers = createAnswerCache({ ...kept, metrics });
      return { admit: admission.admit, answers, plugins: [admission.plugin, answers.plugin] };
    },
    generations,
    persistedQueries,
    callers: createKnownCallers(
      createAuthenticator({
        readToken: createTokenReader({
          keys: openKeySet(new URL(config.JWKS_URL)),
          issuer: config.JWT_ISSUER,
          audience: config.JWT_AUDIENCE,
        }),
        readPartnerKey: createPartnerKeyReader({
          lookup: createCredentialLookup({ client: fleet, sign, timeoutMs: LOOKUP_TIMEOUT_MS }),
          metrics,
        }),
      }),
    ),
    sign,
    forget: (identity) => generations.raise(organizationKey(identity)),
    cursorSecret: config.SERVICE_IDENTITY_SECRET,
  };
}

const ANONYMOUS = describeCaller(ANONYMOUS_CALLER);
const LOOKUP_TIMEOUT_MS = 1_500;
const MOST_REPEATS = 200;
const LONGEST_PERSISTED_QUERY_BYTES = 100_000;

function limitsOf(config: PolicyConfig): Limits {
  return {
    tokens: config.GATEWAY_MAX_TOKENS,
    depth: config.GATEWAY_MAX_DEPTH,
    aliases: config.GATEWAY_MAX_ALIASES,
    rootFields: config.GATEWAY_MAX_ROOT_FIELDS,
    directives: config.GATEWAY_MAX_DIRECTIVES,
    repeats: MOST_REPEATS,
    selections: config.GATEWAY_MAX_SELECTIONS,
    cost: config.GATEWAY_MAX_COST,
    assumedListSize: config.GATEWAY_ASSUMED_LIST_SIZE,
  };
}

function createCaches({
  config,
  redis,
  log,
  metrics,
}: {
  config: PolicyConfig;
  redis: Redis;
  log: Logger;
  metrics: Metrics;
}): Pick<Policies, 'generations' | 'persistedQueries'> & { store: AnswerStore } {
  const breaker = createBreaker({
    onFailure: (error) => {
      metrics.cacheRequests.inc({ cache: 'redis', outcome: 'error' });
      log.warn({ err: error }, 'going on without caches for a moment');
    },
  });
  const prefix = redisKey(config.REDIS_PREFIX, 'gateway', '');
  const far = createBoundedStore({
    redis,
    breaker,
    prefix: `${prefix}answers:`,
    maxEntries: config.GATEWAY_CACHE_ENTRIES,
    maxValueBytes: config.GATEWAY_CACHE_ENTRY_BYTES,
  });
  const store = createAnswerStore({
    far,
    nearBytes: config.GATEWAY_CACHE_NEAR_BYTES,
    maxEntries: config.GATEWAY_CACHE_ENTRIES,
    maxEntryBytes: config.GATEWAY_CACHE_ENTRY_BYTES,
  });
  // It may come back with generations of long ago, which then count up once more.
  redis.on('close', () => store.forget());
  const documents = createBoundedStore({
    redis,
    breaker,
    prefix: `${prefix}documents:`,
    maxEntries: config.GATEWAY_PERSISTED_QUERIES,
    maxValueBytes: LONGEST_PERSISTED_QUERY_BYTES,
  });
  return {
    store,
    generations: createGenerations({
      redis,
      breaker,
      keyOf: (organization) => redisKey(config.REDIS_PREFIX, 'gateway', 'generation', organization),
    }),
    persistedQueries: createPersistedQueryCache({
      store: documents,
      ttlSeconds: config.GATEWAY_PERSISTED_QUERY_SECONDS,
      metrics,
    }),
  };
}
