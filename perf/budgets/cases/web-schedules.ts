import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import type { BudgetCase } from './budget-case.ts';
import { sides, twice } from './budget-case.ts';

/** What analysts do with the schedules of reports. */
export function webSchedules(fixture: Fixture): BudgetCase[] {
  const [first, second, third, fourth] = fixture.reports.schedules.map((id) => ({
    id: encodeId('schedule', id),
    expectedVersion: 1,
  }));
  const list = (count: number) =>
    ({ caller: 'analyst', variables: { first: count }, items: count }) as const;
  return [
    {
      operation: 'ReportScheduleList',
      proof: 'reportSchedules.nodes',
      few: list(3),
      many: list(30),
    },
    sides(fixture, {
      caller: 'analyst',
      operation: 'ReportScheduleCreate',
      proof: 'reportScheduleCreate.schedule.id',
      most: null,
      variables: ({ depot }) => ({
        input: {
          idempotencyKey: newId(),
          name: 'Mondays at eight',
          kind: 'ON_TIME_IN_FULL',
          subjectId: encodeId('depot', depot.id),
          period: 'PREVIOUS_WEEK',
          rrule: 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0',
          timeZone: 'America/Chicago',
        },
      }),
    }),
    twice(
      'analyst',
      { operation: 'ReportScheduleUpdate', proof: 'reportScheduleUpdate.schedule.id' },
      [
        { ...first, input: { isPaused: true } },
        { ...second, input: { isPaused: true } },
      ],
    ),
    twice(
      'analyst',
      { operation: 'ReportScheduleDelete', proof: 'reportScheduleDelete.deletedId' },
      [{ ...third }, { ...fourth }],
    ),
  ];
}
