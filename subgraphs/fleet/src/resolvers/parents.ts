import type { Connection } from '@quantumroute/ops/page';
import type { PositionsFrame } from '../live/watch-positions.ts';
import type { Depot } from '../storage/entities/depot.ts';
import type { Driver } from '../storage/entities/driver.ts';
import type { Organization } from '../storage/entities/organization.ts';
import type { Partner } from '../storage/entities/partner.ts';
import type { Shift } from '../storage/entities/shift.ts';
import type { Vehicle } from '../storage/entities/vehicle.ts';
import type { VehicleAlert } from '../storage/stores/alerts.ts';
import type { Position } from '../storage/stores/positions.ts';

export type ViewerParent = {
  organizationId: string;
  partnerId: string | null;
  scopes: readonly string[];
};
export type OrganizationParent = Organization;
export type PartnerParent = Partner;
export type DepotParent = Depot;
export type VehicleParent = Vehicle;
export type VehiclePositionParent = Position;
export type VehicleAlertParent = VehicleAlert;
export type VehiclePositionsFrameParent = PositionsFrame;
export type DriverParent = Driver;
export type ShiftParent = Shift;
export type VehicleConnectionParent = Connection<Vehicle> & {
  /** How many there are, looking at no more than `limit`. */
  countUpTo(limit: number): Promise<number>;
};
