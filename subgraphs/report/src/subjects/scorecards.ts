import { kindOf } from '../figures/kind.ts';
import { selectOf } from '../figures/lists/list-cell.ts';
import { scorecardCells } from '../figures/lists/scorecard-list.ts';
import type { Asked } from '../figures/measure-each.ts';
import type { Query } from '../figures/measure.ts';
import { scorecard } from '../figures/scorecard.ts';
import type { DriverScorecard } from '../resolvers/schema-types.ts';
import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';

const SHOWN = ['rankInDepot', 'score', 'stops', 'onTime', 'firstAttempt', 'stopsPerHour'];

/**
 * The scorecard of each driver as the report DRIVER_SCORECARD of the organization has it, by one
 * statement that makes the card of everybody once for each period; null for drivers of other
 * organizations.
 */
export async function readScorecards(
  query: Query,
  organizationId: string,
  asked: readonly Asked[],
): Promise<(DriverScorecard | null)[]> {
  const rows = (await query(statementOf(organizationId, asked))) as readonly Row[];
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return asked.map((_, place) => {
    const row = byPlace.get(place);
    if (row === undefined) return null;
    const { stops, onTime, firstAttempt, stopsPerHour, rankInDepot, score } = row;
    const difficultyAdjustedScore = score;
    return {
      stops: stops ?? 0,
      onTime,
      firstAttempt,
      stopsPerHour,
      rankInDepot,
      difficultyAdjustedScore,
    };
  });
}

type Row = Omit<DriverScorecard, 'stops' | 'difficultyAdjustedScore'> & {
  readonly place: number;
  readonly stops: number | null;
  readonly score: number | null;
};

function statementOf(organizationId: string, asked: readonly Asked[]): Sql {
  const periods = [...new Map(asked.map(({ period }) => [nameOf(period), period])).entries()];
  const cards = periods.map(
    ([name, period]) =>
      sql`select ${name}::text as period, card.* from (${scorecard({
        scope: { organizationId, narrow: { by: 'organization' } },
        period,
        reading: 'roll-ups',
        minimumStops: kindOf('DRIVER_SCORECARD').defaultMinimumStops ?? 0,
      })}) card`,
  );
  const rows = asked.map(
    ({ id, period }, place) => sql`(${place}::int, ${id}::uuid, ${nameOf(period)}::text)`,
  );
  const cells = scorecardCells.filter(({ key }) => SHOWN.includes(key));
  return sql`with asked (place, id, period) as (values ${join(rows, ', ')}),
    cards as materialized (${join(cards, ' union all ')})
    select asked.place, ${raw(selectOf(cells))}
    from asked left join cards card on card.driver_id = asked.id and card.period = asked.period
    where asked.id in
      (select id from fleet_published.drivers where organization_id = ${organizationId})`;
}

function nameOf({ from, to }: Asked['period']): string {
  return `${from}/${to}`;
}
