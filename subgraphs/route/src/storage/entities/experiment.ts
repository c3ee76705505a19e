import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

export const EXPERIMENT_STATUSES = ['DRAFT', 'RUNNING', 'PAUSED', 'CONCLUDED'] as const;
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

/**
 * DEPOT_DAY: the variant of a depot and day plans it for real. SHADOW: the control plans every day,
 * the other variants plan the same problem without being driven.
 */
export const EXPERIMENT_UNITS = ['DEPOT_DAY', 'SHADOW'] as const;
export type ExperimentUnit = (typeof EXPERIMENT_UNITS)[number];

export type ExperimentVariant = {
  key: string;
  algorithm: string;
  weight: number;
  isControl: boolean;
};

/** Two to five variants, one of them the control. No depots: every depot of the organization. */
export const ExperimentEntity = defineEntity({
  name: 'Experiment',
  schema: 'route',
  tableName: 'experiments',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    key: p.string(),
    hypothesis: p.text(),
    unit: p.enum(EXPERIMENT_UNITS),
    status: p.enum(EXPERIMENT_STATUSES),
    variants: p.json<ExperimentVariant[]>(),
    depotIds: p.array(),
    version: p.integer(),
    createdAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
  },
});

export type Experiment = InferEntity<typeof ExperimentEntity>;
