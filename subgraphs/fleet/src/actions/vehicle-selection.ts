import type { VehicleFilter } from '../resolvers/schema-types.ts';
import type { VehicleSelection } from '../storage/stores/vehicles.ts';
import { areaValue, capabilitiesValue, depotValue, searchValue } from './filter-values.ts';

/** What a filter means for the store; throws BAD_USER_INPUT with the path of what is unusable. */
export function vehicleSelection(filter: VehicleFilter): VehicleSelection {
  return {
    depotId: depotValue(filter.depotId),
    statuses: filter.status ?? null,
    connectivities: filter.connectivity ?? null,
    capabilities: capabilitiesValue(filter.capabilities),
    within: areaValue(filter.within),
    search: searchValue(filter.search),
  };
}
