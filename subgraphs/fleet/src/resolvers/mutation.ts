import { createVehicle } from '../actions/create-vehicle.ts';
import { ingestPositions } from '../actions/ingest-positions.ts';
import type { Outcome } from '../actions/outcome.ts';
import { setDutyStatus } from '../actions/set-duty-status.ts';
import { updateVehicle } from '../actions/update-vehicle.ts';
import type { FleetContext } from '../context.ts';
import type { MutationResolvers } from './schema-types.ts';

export const Mutation: MutationResolvers = {
  vehicleCreate: async (_, { input }, context) =>
    vehiclePayload(context, await createVehicle(context, input)),
  vehicleUpdate: async (_, args, context) =>
    vehiclePayload(context, await updateVehicle(context, args)),
  driverDutyStatusSet: async (_, { input }, context) =>
    driverPayload(context, await setDutyStatus(context, input)),
  positionsIngest: async (_, { input }, context) => {
    const outcome = await ingestPositions(context, input);
    context.forgetReads();
    return outcome;
  },
};

async function vehiclePayload(context: FleetContext, { id, userErrors }: Outcome) {
  context.forgetReads();
  const vehicle = id === null ? null : await context.loaders.vehicle.load(id);
  return { vehicle, userErrors };
}

async function driverPayload(context: FleetContext, { id, userErrors }: Outcome) {
  context.forgetReads();
  const driver = id === null ? null : await context.loaders.driver.load(id);
  return { driver, userErrors };
}
