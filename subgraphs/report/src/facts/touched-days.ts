import type { EntityManager } from '@mikro-orm/postgresql';

import type { EventRange } from './events.ts';
import { EVENTS_IN_RANGE, rangeValues } from './events.ts';

/**
 * Marks the days of the range as dirty since `sinceMs`, opens their months, and gives the days. A day
 * that is just being summed up gets a new mark by that, and stays dirty.
 */
export async function touchedDays(
  tx: EntityManager,
  range: EventRange,
  sinceMs: number,
): Promise<string[]> {
  const months: unknown[] = await tx.execute(
    `select report.open_fact_month(month) from (
       select distinct date_trunc('month', ${SERVICE_DATE})::date as month
       from ${EVENTS_IN_RANGE} and ${IS_FACT}) months`,
    rangeValues(range),
  );
  if (months.length === 0) return [];
  const rows: { day: string }[] = await tx.execute(
    `with touched as (
       select distinct event.organization_id, ${SERVICE_DATE} as day
       from ${EVENTS_IN_RANGE} and ${IS_FACT} order by 1, 2),
     marked as (
       insert into report.dirty_days as dirty (organization_id, service_date, since)
       select organization_id, day, to_timestamp(?::float8 / 1000) from touched
       on conflict (organization_id, service_date)
         do update set since = least(dirty.since, excluded.since))
     select distinct day::text as day from touched`,
    [...rangeValues(range), sinceMs],
  );
  return rows.map(({ day }) => day);
}

/** Other types of events may come; they are for others. */
const IS_FACT = `event.type in ('stop.finished', 'route.finished')`;
const SERVICE_DATE = `(event.body ->> 'serviceDate')::date`;
