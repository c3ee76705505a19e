import type { EntityManager } from '@mikro-orm/postgresql';

const VIEWS = {
  depot: 'fleet_published.depots',
  partner: 'fleet_published.partners',
  vehicle: 'fleet_published.vehicles',
  driver: 'fleet_published.drivers',
} as const;

/** True when the organization has this depot, partner, vehicle or driver. */
export async function subjectExists(
  em: EntityManager,
  subject: { organizationId: string; type: keyof typeof VIEWS; id: string },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    `select 1 from ${VIEWS[subject.type]} where organization_id = ? and id = ?`,
    [subject.organizationId, subject.id],
  );
  return rows.length > 0;
}
