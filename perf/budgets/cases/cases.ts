import type { Fixture } from '../fixture/fixture.ts';
import type { BudgetCase } from './budget-case.ts';
import { sides } from './budget-case.ts';
import { driverCases } from './driver.ts';
import { numbers } from './numbers.ts';
import { partnerCases } from './partner.ts';
import { webExperiments } from './web-experiments.ts';
import { webLists } from './web-lists.ts';
import { webPlanning } from './web-planning.ts';
import { webSchedules } from './web-schedules.ts';
import { webSingle } from './web-single.ts';

/**
 * How each operation is run, in this order: reading comes before what changes the same rows, and
 * partners change planned routes before they are dispatched.
 */
export function budgetCases(fixture: Fixture): BudgetCase[] {
  return [
    ...webLists(fixture),
    sides(fixture, {
      caller: null,
      operation: 'PublicTracking',
      proof: 'track.status',
      most: null,
      variables: ({ long }) => ({ token: long.stops[0].orders[0].tracking_token }),
    }),
    sides(fixture, {
      caller: null,
      operation: 'PublicTrackingLive',
      proof: 'track.status',
      most: null,
      variables: ({ long }) => ({ token: long.stops[0].orders[0].tracking_token }),
    }),
    ...numbers(fixture),
    ...webSingle(fixture),
    ...webSchedules(fixture),
    ...webExperiments(fixture),
    ...partnerCases(fixture),
    ...webPlanning(fixture),
    ...driverCases(fixture),
  ];
}
