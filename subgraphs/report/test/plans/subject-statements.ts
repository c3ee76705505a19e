import { readSamples } from '../../src/experiments/read-samples.ts';
import type { Query } from '../../src/figures/measure.ts';
import { readKpis } from '../../src/subjects/kpis.ts';
import { readPerformances } from '../../src/subjects/performances.ts';
import { readScorecards } from '../../src/subjects/scorecards.ts';
import { readServiceLevels } from '../../src/subjects/service-levels.ts';
import { readVehicleNumbers } from '../../src/subjects/vehicle-numbers.ts';
import { ours, PERIOD as period, PREVIOUS } from './plan-world.ts';

const { organization: organizationId } = ours;
const PERIODS = [period, PREVIOUS];

/** Asks for the numbers at objects of other rooms, as one operation does: of a few, for two periods. */
export async function askSubjects(querying: (name: string) => Query): Promise<void> {
  const asked = (id: string) => PERIODS.map((one) => ({ id, period: one }));
  const operator = { organizationId, partnerId: null, subject: 'operator' };
  const partner = { organizationId, partnerId: ours.partner, subject: 'partner' };
  const own = { by: 'organization', id: organizationId, period } as const;
  const depot = { by: 'depot', id: ours.depot, period } as const;
  await readKpis(querying('Organization.kpis and Depot.kpis'), operator, [own, depot]);
  await readKpis(querying('Organization.kpis of a partner'), partner, [own]);
  await readVehicleNumbers(querying('Vehicle.utilization'), organizationId, asked(ours.vehicle));
  await readScorecards(querying('Driver.scorecard'), organizationId, asked(ours.driver));
  await readServiceLevels(querying('Partner.serviceLevel'), operator, asked(ours.partner));
  const route = { id: ours.report, day: period.from };
  await readPerformances(querying('Route.performance'), organizationId, [route]);
  await readSamples(querying('Experiment.outcome'), organizationId, [ours.organization]);
}
