import type { EntityManager } from '@mikro-orm/postgresql';

/** A unit of work inside one organization. No store reads tenants' data without one. */
export type Tenant = { em: EntityManager; organizationId: string };
