import { badInput } from '@quantumroute/ops/failures';
import { boundedCount, connectionOf, pageOf } from '@quantumroute/ops/page';
import type { FleetContext } from '../context.ts';
import type { VehicleConnectionParent } from '../resolvers/parents.ts';
import type {
  DepotVehiclesArgs,
  QueryVehiclesArgs,
  VehicleFilter,
} from '../resolvers/schema-types.ts';
import type { Vehicle } from '../storage/entities/vehicle.ts';
import type { VehicleSelection } from '../storage/stores/vehicles.ts';
import { countVehicles, listVehicles } from '../storage/stores/vehicles.ts';
import { areaValue, capabilitiesValue, depotValue, searchValue } from './filter-values.ts';
import { readNameCursor, writeNameCursor } from './list-cursors.ts';

type PageArguments = Pick<DepotVehiclesArgs, 'after'> & { first: number };

const MAX_COUNT = 10_000;

/** A page of the organization's vehicles. */
export async function vehiclePage(
  { tenant }: FleetContext,
  { filter, ...args }: QueryVehiclesArgs & { first: number },
): Promise<VehicleConnectionParent> {
  const selection = selectionOf(filter ?? {});
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

function selectionOf(filter: VehicleFilter): VehicleSelection {
  return {
    depotId: depotValue(filter.depotId),
    statuses: filter.status ?? null,
    connectivities: filter.connectivity ?? null,
    capabilities: capabilitiesValue(filter.capabilities),
    within: areaValue(filter.within),
    search: searchValue(filter.search),
  };
}
