import { failure } from '@quantumroute/ops/failures';
import { idempotent } from '@quantumroute/ops/idempotency';
import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import type { FleetContext } from '../context.ts';
import type { DutyStatusInput } from '../resolvers/schema-types.ts';
import type { Driver } from '../storage/entities/driver.ts';
import { lockDriver } from '../storage/stores/drivers.ts';
import { endShift, startShift } from '../storage/stores/shifts.ts';
import type { Tenant } from '../storage/tenant.ts';
import { clockProblem } from '../tracking/device-clock.ts';
import type { DutyStatus } from '../tracking/duty-status.ts';
import { dutyStatusesAfter } from '../tracking/duty-status.ts';
import type { Outcome } from './outcome.ts';
import { orRefused } from './outcome.ts';
import { keyProblems } from './input-problems.ts';

// Drivers are at the depot before their planned time.
const EARLY_START_SECONDS = 2 * 3600;

/** Sets the caller's own duty status as of `at`, and starts or ends the shift with it. */
export async function setDutyStatus(
  { identity, tenant }: FleetContext,
  input: DutyStatusInput,
): Promise<Outcome> {
  const { em, organizationId } = tenant();
  const driverId = identity.driverId;
  if (driverId === null) throw failure('FORBIDDEN', 'Only a driver has a duty status');
  const problems = problemsOf(input);
  if (problems.length > 0) return { id: null, userErrors: problems };
  const { idempotencyKey: key, ...body } = input;
  return orRefused(async () => {
    const result = await idempotent(
      { em, identity, operation: 'driverDutyStatusSet', key, body },
      (transaction) => change({ em: transaction, organizationId }, driverId, input),
    );
    if (result.kind === 'done') return result.value;
    throw new RefusedError([userError.keyReused(['input', 'idempotencyKey'])]);
  });
}

function problemsOf({ idempotencyKey, at }: DutyStatusInput) {
  const message = clockProblem(at, new Date());
  return [
    ...keyProblems(idempotencyKey),
    ...(message === null ? [] : [userError.invalid(['input', 'at'], message)]),
  ];
}

async function change(
  tenant: Tenant,
  driverId: string,
  { dutyStatus, at }: DutyStatusInput,
): Promise<string> {
  const driver = await lockDriver(tenant, driverId);
  if (driver === null) throw failure('FORBIDDEN', 'Only a driver has a duty status');
  // Delivered late, out of order: what happened after it is known already and stands.
  if (driver.dutyChangedAt && at < driver.dutyChangedAt) return driver.id;
  changeStatus(driver, dutyStatus, at);
  if (dutyStatus === 'ON_DUTY') {
    await startShift(tenant, { driverId, at, earlySeconds: EARLY_START_SECONDS });
  }
  if (dutyStatus === 'OFF_DUTY') await endShift(tenant, { driverId, at });
  return driver.id;
}

function changeStatus(driver: Driver, status: DutyStatus, at: Date): void {
  const allowed = dutyStatusesAfter(driver.dutyStatus);
  if (status !== driver.dutyStatus && !allowed.includes(status)) {
    const path = ['input', 'dutyStatus'];
    throw new RefusedError([userError.illegalTransition(path, driver.dutyStatus, allowed)]);
  }
  driver.dutyStatus = status;
  driver.dutyChangedAt = at;
}
