import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { FleetContext } from '../context.ts';
import type { PositionInput, PositionsIngestInput } from '../resolvers/schema-types.ts';
import { judgePositions } from './judge-positions.ts';
import { insertPositions } from '../storage/stores/positions.ts';
import type { Fix } from '../tracking/fix.ts';
import { fixProblem } from '../tracking/fix.ts';

const MAX_POSITIONS = 1_000;
const MAX_USER_ERRORS = 100;

export type IngestOutcome = {
  accepted: number;
  duplicates: number;
  rejected: number;
  userErrors: UserError[];
};

/** Stores the positions that are plausible and new. Each of the others is counted. */
export async function ingestPositions(
  context: FleetContext,
  { vehicleId: id, positions }: PositionsIngestInput,
): Promise<IngestOutcome> {
  if (positions.length > MAX_POSITIONS) {
    const message = `Needs at most ${MAX_POSITIONS} positions, got ${positions.length}`;
    return refused(positions, userError.invalid(['input', 'positions'], message));
  }
  const vehicleId = await reportableVehicle(context, id);
  if (vehicleId === null) {
    return refused(positions, userError.notFound(['input', 'vehicleId'], 'vehicle'));
  }
  const { fixes, userErrors } = sorted(positions, new Date());
  const accepted = fixes.length > 0 ? await stored(context, vehicleId, fixes) : 0;
  return {
    accepted,
    duplicates: fixes.length - accepted,
    rejected: positions.length - fixes.length,
    userErrors,
  };
}

async function stored(
  { tenant, live }: FleetContext,
  vehicleId: string,
  fixes: readonly Fix[],
): Promise<number> {
  const { em, organizationId } = tenant();
  const { accepted, movedAt, alerts } = await em.transactional(async (tx) => {
    const within = { em: tx, organizationId };
    const outcome = await insertPositions(within, vehicleId, fixes);
    // The row of the latest position is locked: batches of a vehicle are judged one after the other.
    const newer = outcome.movedAt === null ? [] : newerThan(outcome.knownAt, fixes);
    return { ...outcome, alerts: await judgePositions(within, vehicleId, newer) };
  });
  if (movedAt !== null) await live.publishMove({ organizationId });
  for (const alert of alerts) await live.publishAlert(alert);
  return accepted;
}

/** Oldest first. */
function newerThan(knownAt: Date | null, fixes: readonly Fix[]): Fix[] {
  return fixes
    .filter(({ recordedAt }) => knownAt === null || recordedAt > knownAt)
    .toSorted((a, b) => a.recordedAt.getTime() - b.recordedAt.getTime());
}

function refused(positions: readonly PositionInput[], error: UserError): IngestOutcome {
  return { accepted: 0, duplicates: 0, rejected: positions.length, userErrors: [error] };
}

/** A driver reports for the vehicle of the current shift, a tracker for any of the organization. */
async function reportableVehicle(
  { identity, loaders }: FleetContext,
  id: string,
): Promise<string | null> {
  const vehicleId = decodeId('vehicle', id);
  if (vehicleId === null || identity.kind === 'partner') return null;
  const vehicle = await loaders.vehicle.load(vehicleId);
  if (vehicle === null || identity.driverId === null) {
    return identity.kind === 'driver' ? null : (vehicle?.id ?? null);
  }
  const shift = await loaders.currentShiftOfDriver.load(identity.driverId);
  return shift?.vehicleId === vehicle.id ? vehicle.id : null;
}

function sorted(positions: readonly PositionInput[], now: Date) {
  const fixes: Fix[] = [];
  const userErrors: UserError[] = [];
  for (const [index, position] of positions.entries()) {
    const fix = fixOf(position);
    const problem = fixProblem(fix, now);
    if (problem === null) {
      fixes.push(fix);
    } else if (userErrors.length < MAX_USER_ERRORS) {
      const path = ['input', 'positions', String(index), ...problem.path];
      userErrors.push(userError.invalid(path, problem.message));
    }
  }
  return { fixes, userErrors };
}

function fixOf(position: PositionInput): Fix {
  return {
    recordedAt: position.recordedAt,
    latitude: position.point.latitude,
    longitude: position.point.longitude,
    speedMetersPerSecond: position.speedMetersPerSecond ?? null,
    headingDegrees: position.headingDegrees ?? null,
    accuracyMeters: position.accuracyMeters ?? null,
    odometerMeters: position.odometerMeters ?? null,
    energyLevelRatio: position.energyLevelRatio ?? null,
  };
}
