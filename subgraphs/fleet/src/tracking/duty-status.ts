import type { Driver } from '../storage/entities/driver.ts';

export type DutyStatus = Driver['dutyStatus'];

/** Who drives has to stop before going off duty. */
const NEXT: Record<DutyStatus, readonly DutyStatus[]> = {
  OFF_DUTY: ['ON_DUTY'],
  ON_DUTY: ['DRIVING', 'ON_BREAK', 'OFF_DUTY'],
  DRIVING: ['ON_DUTY', 'ON_BREAK'],
  ON_BREAK: ['ON_DUTY', 'DRIVING', 'OFF_DUTY'],
};

/** The statuses that a driver can go to. */
export function dutyStatusesAfter(status: DutyStatus): readonly DutyStatus[] {
  return NEXT[status];
}
