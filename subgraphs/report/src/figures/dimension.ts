/** What rows are grouped by. Where its column is, each source tells (source.ts). */
export type Dimension = {
  readonly title: string;
  readonly type: 'date' | 'text';
  /** Where the group's name is looked up: a published view of fleet and its column. */
  readonly name?: { readonly view: string; readonly column: string };
};

const dimensions = {
  day: { title: 'Day', type: 'date' },
  depot: {
    title: 'Depot',
    type: 'text',
    name: { view: 'fleet_published.depots', column: 'name' },
  },
  vehicle: {
    title: 'Vehicle',
    type: 'text',
    name: { view: 'fleet_published.vehicles', column: 'display_name' },
  },
  driver: {
    title: 'Driver',
    type: 'text',
    name: { view: 'fleet_published.drivers', column: 'display_name' },
  },
  partner: {
    title: 'Partner',
    type: 'text',
    name: { view: 'fleet_published.partners', column: 'name' },
  },
  energyCarrier: { title: 'Energy carrier', type: 'text' },
  variant: { title: 'Variant', type: 'text' },
} as const satisfies Record<string, Dimension>;

export type DimensionKey = keyof typeof dimensions;

/** The definition of a dimension. */
export function dimensionOf(key: DimensionKey): Dimension {
  return dimensions[key];
}
