import { fixedId } from '../../data/fixed-id.ts';

/**
 * A year of three organizations of different size: 51 stops a day for each driver in the mean, three
 * events for each stop. With `driversPerDepot` 25 that is 6 million stops.
 */
export type World = {
  readonly driversPerDepot: number;
  readonly organizations: readonly Organization[];
};

export type Organization = {
  readonly id: string;
  readonly name: string;
  readonly partners: readonly string[];
  readonly depots: readonly Depot[];
};

export type Depot = { readonly id: string; readonly code: string; readonly crews: readonly Crew[] };

export type Crew = { readonly driver: string; readonly vehicle: string };

/** First and last day that there is. */
export const DATA_FROM = '2025-01-01';
export const DAYS = 365;

/** What the reports ask for: two months, of which the largest organization has 0.6 million stops. */
export const PERIOD = { from: '2025-10-01', to: '2025-11-30' } as const;
/** The days before, as many of them. */
export const PREVIOUS = { from: '2025-08-01', to: '2025-09-30' } as const;

const DEPOTS = [8, 4, 1];
const FULL_CREWS = 25;
const PARTNERS = 12;

export function worldOf(scale: number): World {
  const driversPerDepot = Math.max(1, Math.round(FULL_CREWS * scale));
  let depots = 0;
  let crews = 0;
  const crew = (): Crew => {
    crews += 1;
    return { driver: fixedId('driver', crews), vehicle: fixedId('vehicle', crews) };
  };
  const depot = (): Depot => {
    depots += 1;
    return {
      id: fixedId('depot', depots),
      code: `D${depots}`,
      crews: Array.from({ length: driversPerDepot }, crew),
    };
  };
  const organizations = DEPOTS.map((count, index) => ({
    id: fixedId('organization', index + 1),
    name: `Organization ${index + 1}`,
    partners: Array.from({ length: PARTNERS }, (_, number) =>
      fixedId('partner', index * PARTNERS + number + 1),
    ),
    depots: Array.from({ length: count }, depot),
  }));
  return { driversPerDepot, organizations };
}

/** The organization that is asked about: the one with the most stops. */
export function largest({ organizations }: World): Organization {
  const [first] = organizations;
  if (first === undefined) throw new TypeError('A world needs an organization');
  return first;
}
