import { badInput } from '@quantumroute/ops/failures';
import { decodeId } from '@quantumroute/schema/ids';

import type { ReportConditions } from '../storage/report-queries.ts';
import type { InputMaybe, ReportFilter } from './schema-types.ts';

/** A client's filter in our words; what is left out allows everything. */
export function conditionsOf(filter: InputMaybe<ReportFilter> | undefined): ReportConditions {
  return {
    kinds: filter?.kind ?? null,
    statuses: filter?.status ?? null,
    requestedByMe: filter?.requestedByMe === true,
    scheduleId: scheduleOf(filter?.scheduleId),
  };
}

function scheduleOf(id: InputMaybe<string> | undefined): string | null {
  if (id === null || id === undefined) return null;
  const scheduleId = decodeId('schedule', id);
  if (scheduleId !== null) return scheduleId;
  throw badInput(['filter', 'scheduleId'], 'scheduleId needs the id of a schedule');
}
