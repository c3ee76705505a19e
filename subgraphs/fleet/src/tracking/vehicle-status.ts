import type { Vehicle } from '../storage/entities/vehicle.ts';

export type VehicleStatus = Vehicle['status'];

/** A vehicle comes back from everything but retirement. */
const NEXT: Record<VehicleStatus, readonly VehicleStatus[]> = {
  AVAILABLE: ['IN_MAINTENANCE', 'OUT_OF_SERVICE', 'RETIRED'],
  IN_MAINTENANCE: ['AVAILABLE', 'OUT_OF_SERVICE', 'RETIRED'],
  OUT_OF_SERVICE: ['AVAILABLE', 'IN_MAINTENANCE', 'RETIRED'],
  RETIRED: [],
};

/** The statuses that a vehicle can go to. */
export function vehicleStatusesAfter(status: VehicleStatus): readonly VehicleStatus[] {
  return NEXT[status];
}
