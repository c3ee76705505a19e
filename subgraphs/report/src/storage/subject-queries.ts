import type { EntityManager } from '@mikro-orm/postgresql';

const VIEWS = {
  depot: 'fleet_published.depots',
  partner: 'fleet_published.partners',
  vehicle: 'fleet_published.vehicles',
  driver: 'fleet_published.drivers',
} as const;

/** True when the organization has this depot, partner, vehicle or driver. */
export function subjectExists(
  em: EntityManager,
  subject: { organizationId: string; type: keyof typeof VIEWS; id: string },
): Promise<boolean> {
  return isIn(em, VIEWS[subject.type], subject);
}

/** True when the organization has this experiment. */
export function experimentExists(
  em: EntityManager,
  experiment: { organizationId: string; id: string },
): Promise<boolean> {
  return isIn(em, 'route_published.experiments', experiment);
}

async function isIn(
  em: EntityManager,
  view: string,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    `select 1 from ${view} where organization_id = ? and id = ?`,
    [organizationId, id],
  );
  return rows.length > 0;
}
