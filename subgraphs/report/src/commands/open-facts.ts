import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { ReportConfig } from '../config.ts';
import { keepFacts } from '../facts/fact-keeper.ts';
import { openStorage } from '../storage/open-storage.ts';

/** One for each loop of the keeper. */
const CONNECTIONS = 3;
/** A large day, or a large backlog, takes longer than a request may. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** Keeps the facts on connections of their own, where a statement may take its time. */
export async function openFacts(
  stack: AsyncDisposableStack,
  parts: { config: ReportConfig; store: ArtifactStore; log: Logger; metrics: Metrics },
): Promise<void> {
  const { config, log, metrics, store } = parts;
  const postgres = await openStorage({
    config: {
      DATABASE_URL: config.DATABASE_URL,
      DATABASE_POOL_SIZE: CONNECTIONS,
      DATABASE_STATEMENT_TIMEOUT_MS: STATEMENT_TIMEOUT_MS,
    },
    log,
    metrics,
  });
  stack.defer(() => postgres.close());
  const { DATABASE_URL: databaseUrl, REPORT_FACT_MONTHS: factMonths } = config;
  const keeper = keepFacts({ postgres, databaseUrl, store, log, metrics, factMonths });
  stack.defer(() => keeper.close());
}
