import type { Identity } from '@quantumroute/ops/identity';
import { byId, createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';
import { batchByArguments } from './batch-by-arguments.ts';
import type { ByArguments } from './batch-by-arguments.ts';
import type { Depot } from './storage/entities/depot.ts';
import type { Driver } from './storage/entities/driver.ts';
import type { Organization } from './storage/entities/organization.ts';
import type { Partner } from './storage/entities/partner.ts';
import type { Shift } from './storage/entities/shift.ts';
import type { Vehicle } from './storage/entities/vehicle.ts';
import type { NameKey, PageOf, TimeKey } from './storage/keyset.ts';
import { findDepots } from './storage/stores/depots.ts';
import { findDrivers } from './storage/stores/drivers.ts';
import type { EmissionProfile } from './storage/stores/emission-profiles.ts';
import { findEmissionProfiles } from './storage/stores/emission-profiles.ts';
import { findOrganizations } from './storage/stores/organizations.ts';
import { findPartners } from './storage/stores/partners.ts';
import type { Position, Track } from './storage/stores/positions.ts';
import { findLatestPositions, listPositions } from './storage/stores/positions.ts';
import type { Days } from './storage/stores/shifts.ts';
import { findCurrentShifts, findShifts, listShiftsOfDrivers } from './storage/stores/shifts.ts';
import {
  countVehiclesOfDepots,
  findVehicles,
  listVehiclesOfDepots,
} from './storage/stores/vehicles.ts';
import type { Tenant } from './storage/tenant.ts';

export type FleetLoaders = ReturnType<typeof createLoaders>;

/** One loader for each key that this subgraph answers by. They live as long as one request. */
export function createLoaders({
  tenant,
  identity,
  metrics,
}: {
  tenant: () => Tenant;
  identity: Identity;
  metrics: Metrics;
}) {
  const ofId = <Row extends { id: string }>(name: string, find: Find<Row>) =>
    loaderOf(name, find, (row) => row.id);
  const loaderOf = <Row>(name: string, find: Find<Row>, idOf: (row: Row) => string | null) =>
    createLoader<string, Row>({
      name,
      metrics,
      batch: async (ids) => byId<string | null, Row>(ids, await find(tenant(), ids), idOf),
    });
  const ofArguments = <Arguments, V>(name: string, load: LoadMany<Arguments, V>) =>
    createLoader<ByArguments<Arguments>, V>({
      name,
      metrics,
      cacheKey: (key) => JSON.stringify(key),
      batch: (keys) => batchByArguments(keys, (ids, args) => load(tenant(), ids, args)),
    });

  return {
    organization: ofId<Organization>('organization', findOrganizations),
    partner: ofId<Partner>('partner', (within, ids) =>
      findPartners(within, visiblePartners(identity, ids)),
    ),
    depot: ofId<Depot>('depot', findDepots),
    vehicle: ofId<Vehicle>('vehicle', findVehicles),
    driver: ofId<Driver>('driver', findDrivers),
    shift: ofId<Shift>('shift', findShifts),
    currentShiftOfDriver: loaderOf<Shift>(
      'currentShiftOfDriver',
      (within, ids) => findCurrentShifts(within, 'driverId', ids),
      (shift) => shift.driverId,
    ),
    currentShiftOfVehicle: loaderOf<Shift>(
      'currentShiftOfVehicle',
      (within, ids) => findCurrentShifts(within, 'vehicleId', ids),
      (shift) => shift.vehicleId ?? null,
    ),
    emissionProfile: loaderOf<EmissionProfile>(
      'emissionProfile',
      findEmissionProfiles,
      (profile) => profile.vehicleId,
    ),
    latestPosition: loaderOf<Position>(
      'latestPosition',
      findLatestPositions,
      (position) => position.vehicleId,
    ),
    vehiclesOfDepot: ofArguments<PageOf<NameKey>, Vehicle[]>(
      'vehiclesOfDepot',
      listVehiclesOfDepots,
    ),
    vehicleCountOfDepot: ofArguments<number, number>('vehicleCountOfDepot', countVehiclesOfDepots),
    positionsOfVehicle: ofArguments<PositionPage, Position[]>(
      'positionsOfVehicle',
      (within, vehicleIds, { track, page }) =>
        listPositions(within, { ...track, vehicleIds }, page),
    ),
    shiftsOfDriver: ofArguments<ShiftPage, Shift[]>(
      'shiftsOfDriver',
      (within, driverIds, { days, page }) =>
        listShiftsOfDrivers(within, { ...days, driverIds }, page),
    ),
  };
}

export type PositionPage = { track: Track; page: { limit: number; after: Date | null } };
export type ShiftPage = { days: Days; page: PageOf<TimeKey> };

type Find<Row> = (tenant: Tenant, ids: readonly string[]) => Promise<Row[]>;
type LoadMany<Arguments, V> = (
  tenant: Tenant,
  ids: readonly string[],
  args: Arguments,
) => Promise<Map<string, V>>;

/** A partner sees itself; everyone else in the organization sees all of its partners. */
function visiblePartners({ kind, partnerId }: Identity, ids: readonly string[]): readonly string[] {
  return kind === 'partner' ? ids.filter((id) => id === partnerId) : ids;
}
