import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { NAMES } from './names.ts';
import type { CrewPlan, VehiclePlan } from './plan.ts';
import type { VehicleKind } from './vehicle-kinds.ts';

/** How many vehicles of each kind a depot has. */
export type FleetMix = Partial<Record<VehicleKind, number>>;

/** What the crews of a depot are made from; ids of vehicle and driver by their number. */
export type CrewsOf = {
  country: 'US' | 'FR';
  depotCode: string;
  mix: FleetMix;
  firstNumber: number;
  vehicleId: (number: number) => string;
  driverId: (number: number) => string;
};

const KIND_NAMES: Record<VehicleKind, string> = {
  CARGO_BIKE: 'Bike',
  CAR: 'Car',
  VAN: 'Van',
  RIGID_TRUCK: 'Truck',
};

/** The crews of a depot, the same for the same depot code and mix. */
export function makeCrews(of: CrewsOf): CrewPlan[] {
  const kinds = (Object.entries(of.mix) as [VehicleKind, number][]).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => ({ kind, index })),
  );
  return kinds.map(({ kind, index }, position) => {
    const number = of.firstNumber + position;
    return makeCrew(createRandom(`crew/${of.depotCode}/${position}`), {
      ...of,
      kind,
      index,
      number,
    });
  });
}

function makeCrew(
  random: Random,
  of: CrewsOf & { kind: VehicleKind; index: number; number: number },
): CrewPlan {
  const capabilities = capabilitiesOf(of.kind, of.index);
  // Half an hour apart, so that not everybody is at the gate at once.
  const start = 7 * 60 + 30 * (of.index % 4) + (of.kind === 'VAN' && of.index % 5 === 4 ? 90 : 0);
  return {
    vehicle: {
      id: of.vehicleId(of.number),
      name: `${KIND_NAMES[of.kind]} ${of.depotCode} ${String(of.index + 1).padStart(2, '0')}`,
      plate: plate(of.country, of.number, random),
      kind: of.kind,
      status: of.index > 0 && random.chance(0.05) ? 'IN_MAINTENANCE' : 'AVAILABLE',
      capabilities,
    },
    driver: {
      id: of.driverId(of.number),
      name: personName(of.country, random),
      phone: phone(of.country, random),
      skills: skillsOf(of.index, random),
      pace: Math.min(1.2, Math.max(0.85, random.normal(1, 0.06))),
    },
    shiftStartMinutes: start,
    shiftEndMinutes: start + 9 * 60 + 30,
  };
}

/** First and last name. */
export function personName(country: 'US' | 'FR', random: Random): string {
  const { firstNames, lastNames } = NAMES[country];
  return `${random.pick(firstNames)} ${random.pick(lastNames)}`;
}

// Every fifth van is refrigerated; trucks have a tail lift and the first one is refrigerated too.
function capabilitiesOf(kind: VehicleKind, index: number): VehiclePlan['capabilities'] {
  if (kind === 'RIGID_TRUCK') return index === 0 ? ['tail_lift', 'refrigerated'] : ['tail_lift'];
  return kind === 'VAN' && index % 5 === 1 ? ['refrigerated'] : [];
}

function skillsOf(index: number, random: Random): string[] {
  const skills = index % 3 === 0 ? ['age_check'] : [];
  return random.chance(0.1) ? [...skills, 'dangerous_goods'] : skills;
}

// The number is in the plate, so that it is unique; the letters are for the looks.
function plate(country: 'US' | 'FR', number: number, random: Random): string {
  const letters = ['ABCDEFGH', 'JKLMNP', 'RSTVWXYZ']
    .map((set) => set[random.integer(0, 5)])
    .join('');
  const digits = String(number).padStart(3, '0');
  if (country === 'US') return `${letters} ${random.integer(1, 9)}${digits}`;
  return `${letters.slice(0, 2)}-${digits}-${letters.slice(1)}`;
}

function phone(country: 'US' | 'FR', random: Random): string {
  // Both ranges are reserved for fiction.
  if (country === 'US') return `+1 312 555 01${String(random.integer(0, 99)).padStart(2, '0')}`;
  return `+33 6 39 98 ${random.integer(10, 99)} ${random.integer(10, 99)}`;
}
