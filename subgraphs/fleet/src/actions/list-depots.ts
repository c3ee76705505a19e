import type { Connection } from '@quantumroute/ops/page';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import type { FleetContext } from '../context.ts';
import type { QueryDepotsArgs } from '../resolvers/schema-types.ts';
import type { Depot } from '../storage/entities/depot.ts';
import { listDepots } from '../storage/stores/depots.ts';
import { readNameCursor, writeNameCursor } from './list-cursors.ts';

/** A page of the organization's depots. */
export async function depotPage(
  { tenant }: FleetContext,
  args: QueryDepotsArgs & { first: number },
): Promise<Connection<Depot>> {
  const { limit, after } = pageOf(args);
  const page = { limit, after: readNameCursor('depots', after) };
  return connectionOf(await listDepots(tenant(), page), args.first, ({ name, id }) =>
    writeNameCursor('depots', { name, id }),
  );
}
