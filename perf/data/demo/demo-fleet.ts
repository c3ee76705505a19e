import {
  COPPERLINE,
  DEMO_DEPOTS,
  HARBOR_GOODS,
  JUNIPER_PHARMACY,
  LARKFIELD,
  MAISON_ORME,
  demoDriverId,
  demoVehicleId,
} from '../demo-identities.ts';
import { fixedId } from '../fixed-id.ts';
import { makeCrews } from '../fleet/crews.ts';
import type { FleetMix } from '../fleet/crews.ts';
import type { DepotPlan, OrganizationPlan, PartnerPlan } from '../fleet/plan.ts';
import { territories } from '../fleet/territory.ts';
import type { Point } from '../geo.ts';
import { readPlaces } from '../places/places.ts';
import type { Metro, Place } from '../places/places.ts';

type DepotSpec = {
  code: keyof typeof DEMO_DEPOTS;
  organizationId: string;
  name: string;
  metro: Metro;
  country: 'US' | 'FR';
  timeZone: string;
  point: Point;
  mix: FleetMix;
};

const DEPOTS: DepotSpec[] = [
  {
    code: 'CHI-N',
    organizationId: LARKFIELD,
    name: 'Chicago North (Elk Grove)',
    metro: 'chicago',
    country: 'US',
    timeZone: 'America/Chicago',
    point: { latitude: 42.0065, longitude: -87.9405 },
    mix: { VAN: 14, RIGID_TRUCK: 3, CAR: 1 },
  },
  {
    code: 'CHI-S',
    organizationId: LARKFIELD,
    name: 'Chicago South (Bedford Park)',
    metro: 'chicago',
    country: 'US',
    timeZone: 'America/Chicago',
    point: { latitude: 41.7635, longitude: -87.7815 },
    mix: { VAN: 12, RIGID_TRUCK: 3, CAR: 1 },
  },
  {
    code: 'MSP',
    organizationId: LARKFIELD,
    name: 'Minneapolis (Eagan)',
    metro: 'twin-cities',
    country: 'US',
    timeZone: 'America/Chicago',
    point: { latitude: 44.8305, longitude: -93.1225 },
    mix: { VAN: 11, RIGID_TRUCK: 3 },
  },
  {
    code: 'LYS',
    organizationId: COPPERLINE,
    name: 'Lyon (Saint-Priest)',
    metro: 'lyon',
    country: 'FR',
    timeZone: 'Europe/Paris',
    point: { latitude: 45.7195, longitude: 4.9145 },
    mix: { VAN: 9, RIGID_TRUCK: 2, CAR: 2, CARGO_BIKE: 2 },
  },
];

const LARKFIELD_PARTNERS: PartnerPlan[] = [
  { id: HARBOR_GOODS, name: 'Harbor Goods', prefix: 'HG', share: 0.34, coldShare: 0 },
  { id: JUNIPER_PHARMACY, name: 'Juniper Pharmacy', prefix: 'JP', share: 0.18, coldShare: 0.12 },
  partner(4, 'Tallgrass Grocers', { prefix: 'TG', share: 0.14, coldShare: 0.2 }),
  partner(5, 'Bexley Books', { prefix: 'BB', share: 0.16, coldShare: 0 }),
];

const COPPERLINE_PARTNERS: PartnerPlan[] = [
  { id: MAISON_ORME, name: 'Maison Orme', prefix: 'MO', share: 0.45, coldShare: 0 },
  partner(6, 'Crémerie Vauzelle', { prefix: 'CV', share: 0.25, coldShare: 0.2 }),
];

/** The two organizations of the demo; `crewsPerDepot` keeps only the first crews, for small sets. */
export function demoFleet({ crewsPerDepot = Infinity } = {}): OrganizationPlan[] {
  const larkfield = organization(LARKFIELD, 'Larkfield Parcel', {
    prefix: 'LP',
    timeZone: 'America/Chicago',
    currency: 'USD',
    partners: LARKFIELD_PARTNERS,
  });
  const copperline = organization(COPPERLINE, 'Copperline Logistics', {
    prefix: 'CL',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    partners: COPPERLINE_PARTNERS,
  });
  const territory = territories(DEPOTS, readPlaces());
  let firstNumber = 1;
  for (const [index, spec] of DEPOTS.entries()) {
    const owner = spec.organizationId === LARKFIELD ? larkfield : copperline;
    const depot = makeDepot(spec, {
      owner,
      firstNumber,
      number: index + 1,
      territory: territory[index] ?? [],
    });
    firstNumber += depot.crews.length;
    owner.depots.push({ ...depot, crews: depot.crews.slice(0, crewsPerDepot) });
  }
  return [larkfield, copperline];
}

function makeDepot(
  spec: DepotSpec,
  with_: { owner: OrganizationPlan; firstNumber: number; number: number; territory: Place[] },
): DepotPlan {
  return {
    id: DEMO_DEPOTS[spec.code],
    number: with_.number,
    code: spec.code,
    name: spec.name,
    point: spec.point,
    timeZone: spec.timeZone,
    organization: with_.owner,
    territory: with_.territory,
    crews: makeCrews({
      country: spec.country,
      depotCode: spec.code,
      mix: spec.mix,
      firstNumber: with_.firstNumber,
      vehicleId: demoVehicleId,
      driverId: demoDriverId,
    }),
  };
}

function organization(
  id: string,
  name: string,
  rest: Pick<OrganizationPlan, 'prefix' | 'timeZone' | 'currency' | 'partners'>,
): OrganizationPlan {
  return { id, name, depots: [], ...rest };
}

function partner(
  number: number,
  name: string,
  rest: Pick<PartnerPlan, 'prefix' | 'share' | 'coldShare'>,
): PartnerPlan {
  return { id: fixedId('partner', number), name, ...rest };
}
