import type { Sql } from '../storage/sql.ts';
import { raw, sql } from '../storage/sql.ts';
import type { Facts } from './figure.ts';
import type { Scope } from './scope.ts';

/** First and last day as SQL expressions of type date. */
export type Days = { readonly from: Sql; readonly to: Sql };

const stopColumns = {
  depot: 'f.depot_id',
  vehicle: 'f.vehicle_id',
  driver: 'f.driver_id',
  partner: 'f.partner_id',
};
const routeColumns = { depot: 'r.depot_id', vehicle: 'r.vehicle_id', driver: 'r.driver_id' };

/**
 * `from … where …` of one kind of facts, as a range on the indexed day. Null when these facts say
 * nothing about the scope: a route carries several partners' orders, and a shift belongs to a depot.
 */
export function factsWithin(facts: Facts, scope: Scope, days: Days): Sql | null {
  switch (facts) {
    case 'stops':
      return sql`from route_published.stop_facts f
        where f.organization_id = ${scope.organizationId}
        and f.service_date >= ${days.from} and f.service_date <= ${days.to}${narrowed(scope, stopColumns)}`;
    case 'routes':
      if (scope.narrow.by === 'partner') return null;
      return sql`from route_published.route_facts r
        where r.organization_id = ${scope.organizationId}
        and r.service_date >= ${days.from} and r.service_date <= ${days.to}${narrowed(scope, routeColumns)}`;
    case 'shifts':
      if (scope.narrow.by !== 'organization' && scope.narrow.by !== 'depot') return null;
      return shiftsWithin(scope, days);
  }
}

/** True when this kind of facts can be counted for the scope. */
export function hasFacts(facts: Facts, scope: Scope): boolean {
  return factsWithin(facts, scope, { from: raw(''), to: raw('') }) !== null;
}

/** The day of a shift is that of its depot; the wider range in UTC is what an index can serve. */
function shiftsWithin(scope: Scope, { from, to }: Days): Sql {
  return sql`from fleet_published.shifts s
    join fleet_published.depots d on d.id = s.depot_id and d.organization_id = s.organization_id
    where s.organization_id = ${scope.organizationId} and s.vehicle_id is not null
    and s.planned_start >= (${from} - 1)::timestamp at time zone 'UTC'
    and s.planned_start < (${to} + 2)::timestamp at time zone 'UTC'
    and s.planned_start >= ${from}::timestamp at time zone d.time_zone
    and s.planned_start < (${to} + 1)::timestamp at time zone d.time_zone${narrowed(scope, { depot: 's.depot_id' })}`;
}

function narrowed({ narrow }: Scope, columns: Partial<Record<string, string>>): Sql {
  if (narrow.by === 'organization') return raw('');
  const column = columns[narrow.by];
  if (column === undefined) throw new TypeError(`No facts can be narrowed by ${narrow.by} here`);
  return sql` and ${raw(column)} = ${narrow.id}`;
}
