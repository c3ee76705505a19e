import { UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import type { EntityManager } from '@mikro-orm/postgresql';
import { idempotent } from '@quantumroute/ops/idempotency';
import type { UserError } from '@quantumroute/ops/user-errors';
import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import { newId } from '@quantumroute/schema/ids';
import type { FleetContext } from '../context.ts';
import type { VehicleCreateInput } from '../resolvers/schema-types.ts';
import { Vehicle } from '../storage/entities/vehicle.ts';
import type { Tenant } from '../storage/tenant.ts';
import { knownDepot } from './known-depot.ts';
import type { Outcome } from './outcome.ts';
import { orRefused } from './outcome.ts';
import { energyProblems, possibleEnergy } from './possible-energy.ts';
import {
  capabilityProblems,
  capacityProblems,
  keyProblems,
  nameProblems,
  normalizedCapabilities,
  normalizedPlate,
  plateProblems,
} from './input-problems.ts';

/** Adds a vehicle to the fleet, once per idempotency key. */
export async function createVehicle(
  { identity, tenant }: FleetContext,
  input: VehicleCreateInput,
): Promise<Outcome> {
  const { em, organizationId } = tenant();
  const problems = problemsOf(input);
  if (problems.length > 0) return { id: null, userErrors: problems };
  const { idempotencyKey: key, ...body } = input;
  return orRefused(async () => {
    const result = await idempotent(
      { em, identity, operation: 'vehicleCreate', key, body },
      (transaction) => insert({ em: transaction, organizationId }, input),
    );
    if (result.kind === 'done') return result.value;
    throw new RefusedError([userError.keyReused(['input', 'idempotencyKey'])]);
  });
}

function problemsOf(input: VehicleCreateInput): UserError[] {
  return [
    ...keyProblems(input.idempotencyKey),
    ...nameProblems(input.displayName),
    ...plateProblems(input.registrationPlate),
    ...capabilityProblems(input.capabilities),
    ...capacityProblems(input.capacity),
    ...energyProblems(input.energy),
  ];
}

async function insert(tenant: Tenant, input: VehicleCreateInput): Promise<string> {
  const homeDepotId = await knownDepot(tenant, input.homeDepotId);
  const energy = await possibleEnergy(tenant, input.kind, input.energy);
  const vehicle = vehicleOf(tenant, input, { homeDepotId, ...energy });
  tenant.em.persist(vehicle);
  await flushUnlessPlateIsTaken(tenant.em);
  return vehicle.id;
}

type Resolved = Pick<Vehicle, 'homeDepotId' | 'energyCarrier' | 'consumptionPer100Km'>;

function vehicleOf({ em, organizationId }: Tenant, input: VehicleCreateInput, resolved: Resolved) {
  return em.create(Vehicle, {
    id: newId(),
    organizationId,
    version: 1,
    displayName: input.displayName.trim(),
    registrationPlate: normalizedPlate(input.registrationPlate),
    kind: input.kind,
    status: 'AVAILABLE',
    capacityWeightKg: input.capacity.weightKg,
    capacityVolumeM3: input.capacity.volumeM3,
    capacityParcels: input.capacity.parcels ?? null,
    capabilities: normalizedCapabilities(input.capabilities),
    ...resolved,
  });
}

async function flushUnlessPlateIsTaken(em: EntityManager): Promise<void> {
  try {
    await em.flush();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const path = ['input', 'registrationPlate'];
    throw new RefusedError([userError.invalid(path, 'Another vehicle has this plate')]);
  }
}
