import { isUuid } from '@quantumroute/schema/ids';

import type { Hint } from './report-queue.ts';

/** A hint as a message. */
export function hintText({ reportId, organizationId }: Hint): string {
  return JSON.stringify({ reportId, organizationId });
}

/** The hint in a message; null when it holds none. */
export function readHint(text: string | undefined): Hint | null {
  try {
    const { reportId, organizationId } = JSON.parse(text ?? '') as Record<string, unknown>;
    return isId(reportId) && isId(organizationId) ? { reportId, organizationId } : null;
  } catch {
    return null;
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
