import type { ReportConditions } from '../storage/report-queries.ts';
import type { InputMaybe, ReportFilter } from './schema-types.ts';

/** A client's filter in our words; what is left out allows everything. */
export function conditionsOf(filter: InputMaybe<ReportFilter> | undefined): ReportConditions {
  return {
    kinds: filter?.kind ?? null,
    statuses: filter?.status ?? null,
    requestedByMe: filter?.requestedByMe === true,
  };
}
