import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

export const PLAN_STATUSES = ['DRAFT', 'PUBLISHED'] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** One per organization, depot and day; `version` grows whenever its routes change. */
export const PlanEntity = defineEntity({
  name: 'Plan',
  schema: 'route',
  tableName: 'plans',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    depotId: p.uuid(),
    serviceDate: p.date(),
    status: p.enum(PLAN_STATUSES),
    version: p.integer(),
    createdAt: p.datetime(),
  },
});

export type Plan = InferEntity<typeof PlanEntity>;
