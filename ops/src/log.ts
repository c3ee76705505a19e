import process from 'node:process';
import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { currentRequest } from './request.ts';

/** Writes JSON lines: `log.info({ reportId }, 'report finished')`. */
export type Logger = PinoLogger;

/**
 * A logger that writes one JSON line per event to stdout (or to `destination`). The id of the
 * current request is added by itself; secrets under the usual names are never written.
 */
export function createLogger({
  service,
  level = 'info',
  destination = standardOutput(),
}: {
  service: string;
  level?: string;
  destination?: DestinationStream;
}): Logger {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: requestFields,
    redact: {
      paths: ['password', 'secret', 'token', 'authorization', '*.password', '*.authorization'],
      censor: '[hidden]',
    },
  };
  return pino(options, destination);
}

/**
 * Node writes to a pipe or file at once and in order. pino's own writer was seen to reorder lines
 * shortly before the process ended.
 */
function standardOutput(): DestinationStream {
  // Whoever reads may be gone first; that must not end the process before it has closed its parts.
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
  return { write: (line) => void process.stdout.write(line) };
}

function requestFields(): { requestId?: string } {
  const scope = currentRequest();
  return scope ? { requestId: scope.requestId } : {};
}
