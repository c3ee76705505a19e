import { fixedId } from '../fixed-id.ts';
import { makeCrews } from '../fleet/crews.ts';
import type { DepotPlan, OrganizationPlan } from '../fleet/plan.ts';
import { territories } from '../fleet/territory.ts';
import { readPlaces } from '../places/places.ts';
import type { Place } from '../places/places.ts';

/** The organization of large data sets. */
export const BENCHLINE = fixedId('organization', 9);

// Numbers of the demo's depots, vehicles and drivers stay below.
const FIRST_DEPOT = 100;
const FIRST_CREW = 10_001;
const MIX = { VAN: 16, RIGID_TRUCK: 3, CAR: 1 } as const;

/** One organization with so many depots, each at a place of the two American areas. */
export function largeFleet(depotCount: number): OrganizationPlan {
  const organization: OrganizationPlan = {
    id: BENCHLINE,
    name: 'Benchline Freight',
    prefix: 'BF',
    timeZone: 'America/Chicago',
    currency: 'USD',
    partners: [
      {
        id: fixedId('partner', 901),
        name: 'Quarry & Sons',
        prefix: 'QS',
        share: 0.4,
        coldShare: 0,
      },
      {
        id: fixedId('partner', 902),
        name: 'Fernhill Foods',
        prefix: 'FF',
        share: 0.3,
        coldShare: 0.1,
      },
    ],
    depots: [],
  };
  const places = readPlaces().filter((place) => place.country === 'US');
  const sites = Array.from({ length: depotCount }, (_, index) => siteOf(places, index, depotCount));
  const areas = territories(sites, places);
  organization.depots.push(
    ...sites.map((site, index) =>
      depotAt(site, { organization, index, territory: areas[index] ?? [] }),
    ),
  );
  return organization;
}

/** How many depots a data set of that size needs to span about a quarter of a year. */
export function depotsFor(stops: number): number {
  return Math.min(60, Math.max(1, Math.round(stops / 120_000)));
}

function siteOf(places: readonly Place[], index: number, count: number): Place {
  const site = places[Math.floor((index * places.length) / count)];
  if (site === undefined) throw new Error('a depot needs a place');
  return site;
}

function depotAt(
  site: Place,
  of: { organization: OrganizationPlan; index: number; territory: Place[] },
): DepotPlan {
  const code = `B${String(of.index + 1).padStart(2, '0')}`;
  const crewCount = Object.values(MIX).reduce((total, count) => total + count, 0);
  return {
    id: fixedId('depot', FIRST_DEPOT + of.index),
    number: FIRST_DEPOT + of.index,
    code,
    name: `${site.town} ${site.postalCode ?? ''}`.trim(),
    point: site.point,
    timeZone: of.organization.timeZone,
    organization: of.organization,
    territory: of.territory,
    crews: makeCrews({
      country: 'US',
      depotCode: code,
      mix: MIX,
      firstNumber: FIRST_CREW + of.index * crewCount,
      vehicleId: (number) => fixedId('vehicle', number),
      driverId: (number) => fixedId('driver', number),
    }),
  };
}
