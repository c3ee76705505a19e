import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import type { Aggregates } from './kpi-value.ts';
import { kpiColumns } from './kpi-value.ts';
import type { Query } from './measure.ts';
import { sumsBeside } from './measure.ts';
import type { Period } from './period.ts';
import type { Narrowing, Scope } from './scope.ts';
import { countable } from './sourced.ts';

/** One of many: its UUID, and when. */
export type Asked = { readonly id: string; readonly period: Period };

type What = {
  readonly organizationId: string;
  readonly by: Narrowing['by'];
  readonly figures: readonly FigureKey[];
  /** Columns of our own, and the lateral joins (of `asked`) that they come from. */
  readonly beside?: { readonly columns: string; readonly joins: Sql };
};

/**
 * The figures of many depots, vehicles, drivers or partners, each over a period of its own, by one
 * statement. Null for those that the organization does not have.
 */
export async function measureEach(
  query: Query,
  what: What,
  asked: readonly Asked[],
): Promise<(Aggregates | null)[]> {
  const rows = await query(statementOf(what, asked));
  const byPlace = new Map(rows.map((row) => [row['place'], row]));
  return asked.map((_, place) => byPlace.get(place) ?? null);
}

function statementOf({ organizationId, by, figures, beside }: What, asked: readonly Asked[]): Sql {
  const question = {
    scope: scopeOf(organizationId, by),
    dimensions: [],
    reading: 'roll-ups',
  } as const;
  const shown = countable(figures, question);
  const rows = asked.map(
    ({ id, period }, place) =>
      sql`(${place}::int, ${id}::uuid, ${period.from}::date, ${period.to}::date)`,
  );
  const days = { from: raw('asked.day_from'), to: raw('asked.day_to') };
  const columns = ['asked.place', ...shown.map(kpiColumns), ...(beside ? [beside.columns] : [])];
  return sql`with asked (place, id, day_from, day_to) as (values ${join(rows, ', ')})
    select ${raw(columns.join(', '))} from asked
    ${sumsBeside(shown, question, { days, subject: raw('asked.id') })} ${beside?.joins ?? raw('')}
    where ${ownedBy(organizationId, by)}`;
}

/** The id is that of each row of what is asked. */
function scopeOf(organizationId: string, by: Narrowing['by']): Scope {
  return { organizationId, narrow: by === 'organization' ? { by } : { by, id: organizationId } };
}

const OWNED = {
  depot: 'fleet_published.depots',
  vehicle: 'fleet_published.vehicles',
  driver: 'fleet_published.drivers',
  partner: 'fleet_published.partners',
} as const;

function ownedBy(organizationId: string, by: Narrowing['by']): Sql {
  if (by === 'organization') return sql`asked.id = ${organizationId}::uuid`;
  return sql`asked.id in (select id from ${raw(OWNED[by])} where organization_id = ${organizationId})`;
}
