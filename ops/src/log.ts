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
  destination,
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
  return destination ? pino(options, destination) : pino(options);
}

function requestFields(): { requestId?: string } {
  const scope = currentRequest();
  return scope ? { requestId: scope.requestId } : {};
}
