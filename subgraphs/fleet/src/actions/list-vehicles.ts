import { badInput } from '@quantumroute/ops/failures';
import { boundedCount, connectionOf, pageOf } from '@quantumroute/ops/page';
import type { FleetContext } from '../context.ts';
import type { VehicleConnectionParent } from '../resolvers/parents.ts';
import type { DepotVehiclesArgs, QueryVehiclesArgs } from '../resolvers/schema-types.ts';
import type { Vehicle } from '../storage/entities/vehicle.ts';
import { countVehicles, listVehicles } from '../storage/stores/vehicles.ts';
import { readNameCursor, writeNameCursor } from './list-cursors.ts';
import { vehicleSelection } from './vehicle-selection.ts';

type PageArguments = Pick<DepotVehiclesArgs, 'after'> & { first: number };

const MAX_COUNT = 10_000;

/** A page of the organization's vehicles. */
export async function vehiclePage(
  { tenant }: FleetContext,
  { filter, ...args }: QueryVehiclesArgs & { first: number },
): Promise<VehicleConnectionParent> {
  const selection = vehicleSelection(filter ?? {});
  const vehicles = await listVehicles(tenant(), selection, pageWanted(args));
  return {
    ...connectionOf(vehicles, args.first, cursorOf),
    countUpTo: (limit) => countVehicles(tenant(), selection, limit),
  };
}

/** A page of the vehicles at home in one depot; many depots are read at once. */
export async function depotVehiclePage(
  { loaders }: FleetContext,
  depotId: string,
  args: PageArguments,
): Promise<VehicleConnectionParent> {
  const vehicles = await loaders.vehiclesOfDepot.load({ id: depotId, args: pageWanted(args) });
  return {
    ...connectionOf(vehicles ?? [], args.first, cursorOf),
    countUpTo: async (limit) =>
      (await loaders.vehicleCountOfDepot.load({ id: depotId, args: limit })) ?? 0,
  };
}

/** How many vehicles the list has, counted up to a limit. */
export async function vehicleCount(list: VehicleConnectionParent, upTo: number) {
  if (upTo < 0 || upTo > MAX_COUNT) {
    throw badInput(['upTo'], `upTo needs a whole number from 0 to ${MAX_COUNT}, got ${upTo}`);
  }
  return boundedCount(await list.countUpTo(upTo + 1), upTo);
}

function pageWanted(args: PageArguments) {
  const { limit, after } = pageOf(args);
  return { limit, after: readNameCursor('vehicles', after) };
}

function cursorOf({ displayName, id }: Vehicle): string {
  return writeNameCursor('vehicles', { name: displayName, id });
}
