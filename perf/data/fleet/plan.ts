import type { Point } from '../geo.ts';
import type { Place } from '../places/places.ts';
import type { VehicleKind } from './vehicle-kinds.ts';

/** Everything about an organization that stays the same from day to day; ids are UUIDs. */
export type OrganizationPlan = {
  id: string;
  name: string;
  /** Two letters that tracking numbers start with. */
  prefix: string;
  timeZone: string;
  currency: string;
  partners: PartnerPlan[];
  depots: DepotPlan[];
};

/** Who ships; `share` of the orders, the rest is the organization's own. */
export type PartnerPlan = {
  id: string;
  name: string;
  /** Letters that its order references start with. */
  prefix: string;
  share: number;
  /** Share of its orders that need a refrigerated vehicle. */
  coldShare: number;
};

/** A depot with its crews and the places that it serves. */
export type DepotPlan = {
  id: string;
  /** From 1, unique in the data set. */
  number: number;
  code: string;
  name: string;
  point: Point;
  timeZone: string;
  organization: OrganizationPlan;
  territory: Place[];
  crews: CrewPlan[];
};

/** A vehicle and the driver who drives it on each day that both work. */
export type CrewPlan = {
  vehicle: VehiclePlan;
  driver: DriverPlan;
  /** Minutes after midnight, local time. */
  shiftStartMinutes: number;
  shiftEndMinutes: number;
};

/** A vehicle; its capacity is that of its kind. */
export type VehiclePlan = {
  id: string;
  name: string;
  plate: string;
  kind: VehicleKind;
  status: 'AVAILABLE' | 'IN_MAINTENANCE';
  capabilities: string[];
};

/** A driver. `pace` multiplies service and driving times: 1 is average, less is faster. */
export type DriverPlan = {
  id: string;
  name: string;
  phone: string;
  skills: string[];
  pace: number;
};
