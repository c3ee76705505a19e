import { badInput } from '@quantumroute/ops/failures';
import type { Connection } from '@quantumroute/ops/page';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import type { FleetContext } from '../context.ts';
import type { DateRangeInput, DriverShiftsArgs } from '../resolvers/schema-types.ts';
import type { Shift } from '../storage/entities/shift.ts';
import { readTimeCursor, writeTimeCursor } from './list-cursors.ts';

const MAX_DAYS = 93;
const DAY_MS = 86_400_000;

/** A page of a driver's shifts, oldest first; many drivers are read at once. */
export async function driverShiftPage(
  { loaders }: FleetContext,
  driverId: string,
  { between, ...args }: DriverShiftsArgs & { first: number },
): Promise<Connection<Shift>> {
  const { limit, after } = pageOf(args);
  const page = { limit, after: readTimeCursor('shifts', after) };
  const days = daysOf(between);
  const shifts = await loaders.shiftsOfDriver.load({ id: driverId, args: { days, page } });
  return connectionOf(shifts ?? [], args.first, (shift) =>
    writeTimeCursor('shifts', { at: shift.plannedStart, id: shift.id }),
  );
}

function daysOf({ from, to }: DateRangeInput) {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days >= 1 && days <= MAX_DAYS) return { from, to };
  throw badInput(['between'], `between needs 1 to ${MAX_DAYS} days, got ${days}`);
}
