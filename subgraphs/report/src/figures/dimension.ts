import type { Facts } from './figure.ts';

/** What rows are grouped by. `keys`: the column that tells groups apart, for each kind of facts. */
export type Dimension = {
  readonly title: string;
  readonly type: 'date' | 'text';
  readonly keys: Partial<Record<Facts, string>>;
  /** Where the group's name is looked up: a published view of fleet and its column. */
  readonly name?: { readonly view: string; readonly column: string };
};

const dimensions = {
  day: {
    title: 'Day',
    type: 'date',
    keys: {
      stops: 'f.service_date',
      routes: 'r.service_date',
      shifts: '(s.planned_start at time zone d.time_zone)::date',
    },
  },
  depot: {
    title: 'Depot',
    type: 'text',
    keys: { stops: 'f.depot_id', routes: 'r.depot_id', shifts: 's.depot_id' },
    name: { view: 'fleet_published.depots', column: 'name' },
  },
  vehicle: {
    title: 'Vehicle',
    type: 'text',
    keys: { stops: 'f.vehicle_id', routes: 'r.vehicle_id', shifts: 's.vehicle_id' },
    name: { view: 'fleet_published.vehicles', column: 'display_name' },
  },
  driver: {
    title: 'Driver',
    type: 'text',
    keys: { stops: 'f.driver_id', routes: 'r.driver_id' },
    name: { view: 'fleet_published.drivers', column: 'display_name' },
  },
  partner: {
    title: 'Partner',
    type: 'text',
    keys: { stops: 'f.partner_id' },
    name: { view: 'fleet_published.partners', column: 'name' },
  },
} as const satisfies Record<string, Dimension>;

export type DimensionKey = keyof typeof dimensions;

/** The definition of a dimension. */
export function dimensionOf(key: DimensionKey): Dimension {
  return dimensions[key];
}
