import { newId } from '@quantumroute/schema/ids';

import type { Tenant, World } from './world.ts';

/** An experiment of `control` and `treatment` that nothing has been planned for; gives its UUID. */
export async function insertExperiment({ sql }: World, { id: tenant }: Tenant): Promise<string> {
  const id = newId();
  const variants = ['control', 'treatment'].map((key) => ({ key, isControl: key === 'control' }));
  await sql.query(
    `insert into route.experiments (id, organization_id, key, hypothesis, unit, variants)
     values ($1, $2, $3, 'It costs less', 'SHADOW', $4)`,
    [id, tenant, id, JSON.stringify(variants)],
  );
  return id;
}
