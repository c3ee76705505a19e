import { RUN_STATUSES } from '@quantumroute/schema/events';
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

import type { PlanDiff } from './plan-diff.ts';
import type { Proposal } from './proposal.ts';

export const OPTIMIZATION_MODES = ['FULL', 'INSERT', 'RESEQUENCE', 'REPAIR'] as const;
export type OptimizationMode = (typeof OPTIMIZATION_MODES)[number];

/** When a better plan was found, and what it costs. */
export type CostPoint = { elapsedSeconds: number; cost: number };

export const OptimizationRunEntity = defineEntity({
  name: 'OptimizationRun',
  schema: 'route',
  tableName: 'optimization_runs',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    planId: p.uuid(),
    planVersion: p.integer(),
    status: p.enum(RUN_STATUSES),
    mode: p.enum(OPTIMIZATION_MODES),
    algorithm: p.string(),
    seed: p.integer(),
    timeLimitSeconds: p.integer(),
    requestedAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    elapsedSeconds: p.double().$type<number>(),
    bestCost: p.double().$type<number>().nullable(),
    assignedCount: p.integer(),
    unassignedCount: p.integer(),
    improvements: p.json<CostPoint[]>(),
    diff: p.json<PlanDiff>().nullable(),
    failure: p.text().nullable(),
    /** Grows with each change that somebody may watch. */
    version: p.integer(),
    /** Large, so that it is read only where it is asked for. */
    proposal: p.json<Proposal>().nullable().lazy(),
  },
});

export type OptimizationRun = Omit<InferEntity<typeof OptimizationRunEntity>, 'proposal'>;
