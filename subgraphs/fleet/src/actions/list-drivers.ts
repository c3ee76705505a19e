import type { Connection } from '@quantumroute/ops/page';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import type { FleetContext } from '../context.ts';
import type { QueryDriversArgs } from '../resolvers/schema-types.ts';
import type { Driver } from '../storage/entities/driver.ts';
import { listDrivers } from '../storage/stores/drivers.ts';
import { depotValue, searchValue } from './filter-values.ts';
import { readNameCursor, writeNameCursor } from './list-cursors.ts';

/** A page of the organization's drivers. */
export async function driverPage(
  { tenant }: FleetContext,
  { filter, ...args }: QueryDriversArgs & { first: number },
): Promise<Connection<Driver>> {
  const { limit, after } = pageOf(args);
  const selection = {
    depotId: depotValue(filter?.depotId),
    dutyStatuses: filter?.dutyStatus ?? null,
    search: searchValue(filter?.search),
  };
  const page = { limit, after: readNameCursor('drivers', after) };
  return connectionOf(await listDrivers(tenant(), selection, page), args.first, (driver) =>
    writeNameCursor('drivers', { name: driver.displayName, id: driver.id }),
  );
}
