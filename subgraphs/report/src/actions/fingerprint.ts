import { createHash } from 'node:crypto';

import { canonicalJson } from '@quantumroute/ops/idempotency';

import type { NewReport } from '../storage/request-store.ts';

/**
 * Equal for requests that ask for the same: the order of keys, formats and other choices does not
 * matter, defaults are filled in before. Who may see less gets other numbers, so the partner belongs
 * to it.
 */
export function fingerprintOf(
  report: Omit<NewReport, 'id' | 'requestedBy' | 'fingerprint'>,
): string {
  const { organizationId, partnerId, kind, subjectType, subjectId } = report;
  const { periodFrom, periodTo, parameters, presentation } = report;
  const asked = {
    organizationId,
    partnerId,
    kind,
    subject: [subjectType, subjectId],
    period: [periodFrom, periodTo],
    parameters: Object.fromEntries(Object.entries(parameters).map(withoutOrder)),
    formats: report.formats.toSorted(),
    presentation,
  };
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}

/** A parameter with several values says which, not in which order. */
function withoutOrder([name, value]: [string, unknown]): [string, unknown] {
  return [name, Array.isArray(value) ? value.map(String).toSorted() : value];
}
