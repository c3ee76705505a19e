import type { Organization } from '../data/world.ts';
import { PERIOD, PREVIOUS } from '../data/world.ts';
import type { FigureKey, Reading } from '../product.ts';
import {
  measureStatement,
  questionOf,
  reportTable,
  scorecardList,
  tabulate,
  TILES,
} from '../product.ts';
import type { Sql } from '../product.ts';
import { naive, sargable } from './before.ts';
import type { Step } from './step.ts';

/** What the first steps tell, by the names that the product has for it. */
const FIGURES = ['stops', 'failedStops', 'onTime', 'dwellMean'] as const satisfies FigureKey[];
const ROWS = 200_000;

/** From how it was to how it is; from the third step on the statements are the product's own. */
export function stepsFor({ id: organizationId }: Organization): Step[] {
  const question = 'driver by day' as const;
  return [
    {
      name: 'naive: functions around the filter column, correlated sub-selects',
      question,
      statement: naive(organizationId),
      rounds: 1,
    },
    {
      name: 'range on the bare column, composite index, one aggregated join',
      question,
      statement: sargable(organizationId),
      rounds: 3,
    },
    {
      name: 'outcome written once per stop, monthly partitions',
      question,
      statement: byDayAndDriver(organizationId, 'facts'),
      settings: ['enable_indexonlyscan = off'],
      rounds: 5,
    },
    {
      name: '+ covering index, index-only scans',
      question,
      statement: byDayAndDriver(organizationId, 'facts'),
      rounds: 5,
    },
    {
      name: 'driver-day roll-up',
      question,
      statement: byDayAndDriver(organizationId, 'roll-ups'),
      rounds: 15,
      targetRatio: 100,
    },
    {
      name: 'the same as a report: On time in full, with its median and p90',
      question: 'report',
      statement: onTimeInFull(organizationId),
      rounds: 7,
    },
    {
      name: 'dashboard: all tiles and what they were before, p90 from histograms',
      question: 'dashboard',
      statement: tiles(organizationId),
      rounds: 15,
      targetMs: 100,
    },
    {
      name: 'scorecard: the first 20 drivers',
      question: 'scorecard',
      statement: topDrivers(organizationId),
      rounds: 15,
      targetMs: 20,
    },
  ];
}

function byDayAndDriver(organizationId: string, reading: Reading): Sql {
  return tabulate({
    scope: wholeOf(organizationId),
    period: PERIOD,
    dimensions: ['day', 'driver'],
    figures: FIGURES,
    minimumStops: 0,
    reading,
    limit: ROWS,
  }).statement;
}

function onTimeInFull(organizationId: string): Sql {
  const question = questionOf({
    kind: 'ON_TIME_IN_FULL',
    organizationId,
    subjectType: 'organization',
    subjectId: organizationId,
    periodFrom: PERIOD.from,
    periodTo: PERIOD.to,
    parameters: { groupBy: 'DAY_AND_DRIVER' },
  });
  return reportTable(question, { reading: 'roll-ups', limit: ROWS }).statement;
}

function tiles(organizationId: string): Sql {
  return measureStatement({
    scope: wholeOf(organizationId),
    present: PERIOD,
    previous: PREVIOUS,
    figures: TILES,
    reading: 'roll-ups',
  });
}

function topDrivers(organizationId: string): Sql {
  return scorecardList({
    scope: wholeOf(organizationId),
    period: PERIOD,
    parameters: { groupBy: 'DRIVER', minimumStops: 50 },
    reading: 'roll-ups',
    limit: 20,
  }).statement;
}

function wholeOf(organizationId: string) {
  return { organizationId, narrow: { by: 'organization' } } as const;
}
