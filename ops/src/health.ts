import type { Logger } from './log.ts';
import { sendJson } from './http.ts';
import type { Route } from './http.ts';
import type { Metrics } from './metrics.ts';

/** Named checks; each resolves when its part is usable. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

/**
 * The routes that operators ask: `/health/live` (the process runs), `/health/ready` (every check
 * passes within 2 s and the service is not stopping) and `/metrics`.
 */
export function operatorRoutes({
  log,
  metrics,
  readiness,
  isStopping = () => false,
}: {
  log: Logger;
  metrics: Metrics;
  readiness: ReadinessChecks;
  isStopping?: () => boolean;
}): Record<string, Route> {
  return {
    'GET /health/live': (_request, response) => sendJson(response, 200, { status: 'live' }),
    'GET /health/ready': async (_request, response) => {
      const checks = await runChecks(readiness, log);
      const ready = !isStopping() && Object.values(checks).every((outcome) => outcome === 'ok');
      sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
    },
    'GET /metrics': async (_request, response) => {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
    },
  };
}

const CHECK_TIMEOUT_MS = 2_000;

async function runChecks(
  readiness: ReadinessChecks,
  log: Logger,
): Promise<Record<string, 'ok' | 'failed'>> {
  const outcomes = await Promise.all(
    Object.entries(readiness).map(async ([name, check]): Promise<[string, 'ok' | 'failed']> => {
      try {
        await inTime(check());
        return [name, 'ok'];
      } catch (error) {
        log.warn({ err: error, check: name }, 'not ready');
        return [name, 'failed'];
      }
    }),
  );
  return Object.fromEntries(outcomes);
}

async function inTime(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
