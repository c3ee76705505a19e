import type { IncomingMessage } from 'node:http';
import { failure } from '@quantumroute/ops/failures';

/**
 * Throws FORBIDDEN for a page of a foreign origin. Browsers name the origin of our own pages too, such
 * as the explorer's; programs name none.
 */
export function checkOrigin({ headers }: IncomingMessage, allowed: readonly string[]): void {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw failure('FORBIDDEN', 'Pages of this origin may not hold anything open');
}
