import { readFile } from 'node:fs/promises';

import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { SubgraphServer } from '@quantumroute/ops/subgraph-server';
import { createSubgraphServer } from '@quantumroute/ops/subgraph-server';

import type { ArtifactStore } from './artifacts/artifact-store.ts';
import { downloadRoute } from './artifacts/download-route.ts';
import type { ReportConfig } from './config.ts';
import type { ReportParts } from './context.ts';
import { createLatestReport } from './live/latest-report.ts';
import type { ReportChanges } from './live/report-changes.ts';
import type { PublishReport } from './live/report-events.ts';
import { createLoaders } from './loaders.ts';
import type { ReportQueue } from './queue/report-queue.ts';
import { resolvers } from './resolvers/resolvers.ts';

/** The open parts that a server is made of. */
export type ServerParts = {
  config: Pick<
    ReportConfig,
    'SERVICE_IDENTITY_SECRET' | 'NODE_ENV' | 'DOWNLOAD_SECRET' | 'PUBLIC_URL' | 'REPORT_QUOTA'
  >;
  postgres: Postgres;
  queue: ReportQueue;
  store: ArtifactStore;
  publish: PublishReport;
  changes: ReportChanges;
  log: Logger;
  metrics: Metrics;
};

/** The report subgraph and its downloads, without a port; `listen` gives it one. */
export async function createReportServer(options: ServerParts): Promise<SubgraphServer> {
  const { config, postgres, store, log, metrics } = options;
  const sdl = new URL(import.meta.resolve('@quantumroute/schema/report.graphql'));
  const parts = partsOf(options);
  return createSubgraphServer({
    name: 'report',
    typeDefs: await readFile(sdl, 'utf8'),
    resolvers,
    createContext: ({ identity }) => {
      const em = postgres.fork();
      return { identity, em, loaders: createLoaders(em, { identity, metrics }), parts };
    },
    identity: { secret: config.SERVICE_IDENTITY_SECRET },
    log,
    metrics,
    production: config.NODE_ENV === 'production',
    readiness: { postgres: () => postgres.ping() },
    routes: {
      'GET /downloads/*': downloadRoute({ postgres, store, secret: config.DOWNLOAD_SECRET }),
    },
  });
}

function partsOf({ config, postgres, queue, publish, changes, log }: ServerParts): ReportParts {
  return {
    queue,
    publish,
    changes,
    log,
    quota: config.REPORT_QUOTA,
    links: { publicUrl: config.PUBLIC_URL, secret: config.DOWNLOAD_SECRET },
    latest: createLatestReport(postgres),
  };
}
