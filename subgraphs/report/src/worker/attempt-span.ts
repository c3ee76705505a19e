import { inWorkSpan } from '@quantumroute/ops/work-spans';

import type { Report } from '../storage/report-entity.ts';
import type { Outcome } from './attempt.ts';

/** Carries an attempt out in a span, with its phases, statements and files within it. */
export function inAttemptSpan(
  { kind, attempt }: Report,
  work: () => Promise<Outcome>,
  traceHeader?: string,
): Promise<Outcome> {
  const attributes = {
    'quantumroute.report.kind': kind,
    'quantumroute.report.attempt': attempt,
  };
  return inWorkSpan<Outcome>(
    'report attempt',
    {
      attributes,
      header: traceHeader,
      failureOf: (outcome) => (outcome === 'failed' ? 'The report failed' : undefined),
    },
    async (span) => {
      const outcome = await work();
      span?.setAttribute('quantumroute.report.outcome', outcome);
      return outcome;
    },
  );
}
