import { encodeId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import { SIZES } from '../fixture/fixture.ts';
import { dayFromNow } from '../fixture/times.ts';
import type { BudgetCase } from './budget-case.ts';
import { pages, sides, twice } from './budget-case.ts';

/** What reports tell about objects of other rooms. */
export function numbers(fixture: Fixture): BudgetCase[] {
  return [
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'FleetMonth',
      proof: 'drivers.nodes',
      variables: ({ depot }) => ({
        depotId: encodeId('depot', depot.id),
        period: MONTH,
        first: SIZES.large,
      }),
    }),
    pages('dispatcher', {
      operation: 'OrganizationDashboard',
      proof: 'depots.nodes',
      period: MONTH,
    }),
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'RoutesReview',
      proof: 'routes.nodes',
      variables: ({ depot, today }) => ({
        depotId: encodeId('depot', depot.id),
        date: today.date,
        first: SIZES.large,
      }),
    }),
    outcome(fixture),
    twice(
      'partner-harbor',
      { operation: 'PartnerServiceLevel', proof: 'viewer.partner.serviceLevel' },
      [{ period: { from: dayFromNow(-1), to: dayFromNow(-1) } }, { period: MONTH }],
    ),
  ];
}

const MONTH = { from: dayFromNow(-30), to: dayFromNow(-1) };

/** The number of depot-days that the first metric knows. */
function outcome({ experiments: { concluded } }: Fixture): BudgetCase {
  const of = (id: string, items: number) => ({
    caller: 'analyst' as const,
    variables: { id: encodeId('experiment', id) },
    items,
  });
  return {
    operation: 'ExperimentOutcome',
    proof: 'experiment.outcome.metrics.0.n',
    few: of(concluded[0], SIZES.small),
    many: of(concluded[1], SIZES.large),
  };
}
