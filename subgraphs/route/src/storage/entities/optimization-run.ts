import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

import type { Proposal } from './proposal.ts';

export const RUN_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

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
    algorithm: p.string(),
    seed: p.integer(),
    timeLimitSeconds: p.integer(),
    requestedAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    elapsedSeconds: p.double().$type<number>(),
    assignedCount: p.integer(),
    unassignedCount: p.integer(),
    failure: p.text().nullable(),
    /** Large, so that it is read only where it is asked for. */
    proposal: p.json<Proposal>().nullable().lazy(),
  },
});

export type OptimizationRun = Omit<InferEntity<typeof OptimizationRunEntity>, 'proposal'>;
