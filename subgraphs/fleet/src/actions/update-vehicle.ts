import type { UserError } from '@quantumroute/ops/user-errors';
import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { FleetContext } from '../context.ts';
import type { MutationVehicleUpdateArgs, VehicleUpdateInput } from '../resolvers/schema-types.ts';
import type { Vehicle } from '../storage/entities/vehicle.ts';
import { lockVehicle } from '../storage/stores/vehicles.ts';
import type { Tenant } from '../storage/tenant.ts';
import type { VehicleStatus } from '../tracking/vehicle-status.ts';
import { vehicleStatusesAfter } from '../tracking/vehicle-status.ts';
import { isGiven } from './is-given.ts';
import { knownDepot } from './known-depot.ts';
import type { Outcome } from './outcome.ts';
import { orRefused } from './outcome.ts';
import { energyProblems, possibleEnergy } from './possible-energy.ts';
import { capabilityProblems, nameProblems, normalizedCapabilities } from './input-problems.ts';

/** Changes the fields that are given, if the vehicle is still what the caller has seen. */
export async function updateVehicle(
  { tenant }: FleetContext,
  { id, expectedVersion, input }: MutationVehicleUpdateArgs,
): Promise<Outcome> {
  const { em, organizationId } = tenant();
  const problems = problemsOf(input);
  if (problems.length > 0) return { id: null, userErrors: problems };
  return orRefused(() =>
    em.transactional(async (transaction) => {
      const within = { em: transaction, organizationId };
      const vehicle = await expectedVehicle(within, id, expectedVersion);
      await change(within, vehicle, input);
      return vehicle.id;
    }),
  );
}

function problemsOf({ displayName, capabilities, energy }: VehicleUpdateInput): UserError[] {
  return [
    ...(isGiven(displayName) ? nameProblems(displayName) : []),
    ...(isGiven(capabilities) ? capabilityProblems(capabilities) : []),
    ...energyProblems(energy),
  ];
}

async function expectedVehicle(tenant: Tenant, id: string, version: number): Promise<Vehicle> {
  const vehicleId = decodeId('vehicle', id);
  const vehicle = vehicleId === null ? null : await lockVehicle(tenant, vehicleId);
  if (vehicle === null) throw new RefusedError([userError.notFound(['id'], 'vehicle')]);
  if (vehicle.version === version) return vehicle;
  throw new RefusedError([userError.versionConflict(['expectedVersion'], vehicle.version)]);
}

async function change(tenant: Tenant, vehicle: Vehicle, input: VehicleUpdateInput) {
  const { displayName, status, homeDepotId, capabilities, energy } = input;
  if (isGiven(status)) changeStatus(vehicle, status);
  if (isGiven(homeDepotId)) vehicle.homeDepotId = await knownDepot(tenant, homeDepotId);
  if (isGiven(displayName)) vehicle.displayName = displayName.trim();
  if (isGiven(capabilities)) vehicle.capabilities = normalizedCapabilities(capabilities);
  if (isGiven(energy)) Object.assign(vehicle, await possibleEnergy(tenant, vehicle.kind, energy));
}

function changeStatus(vehicle: Vehicle, status: VehicleStatus): void {
  const allowed = vehicleStatusesAfter(vehicle.status);
  if (status !== vehicle.status && !allowed.includes(status)) {
    const path = ['input', 'status'];
    throw new RefusedError([userError.illegalTransition(path, vehicle.status, allowed)]);
  }
  vehicle.status = status;
}
