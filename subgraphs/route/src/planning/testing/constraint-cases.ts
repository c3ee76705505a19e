import {
  at,
  hours,
  visit,
  near,
  open,
  early,
  far,
  two,
  heavyOnes,
  small,
  large,
  costs,
  choice,
  stood,
  free,
  bike,
  depots,
  nearAndVeryFar,
  line,
  lunch,
  ranked,
  outFrom,
  triangle,
} from './case-parts.ts';
import type { Travel } from '../problem.ts';
import type { SampleParts } from './sample-problem.ts';

export type Parts = SampleParts & { readonly travel?: Travel };

/**
 * A small problem without the constraint and with it, and the plan of each: by vehicle what it serves,
 * then the orders that are left out. P1 picks up order 1, D1 delivers it, R reloads, B is a break.
 */
type Case = readonly [without: Parts, plan: string, constraint: Parts, other: string];

export const CONSTRAINT_CASES: Readonly<Record<string, Case>> = {
  'capacity in kilograms': capacityCase({ weightKg: 100 }),
  'capacity in cubic metres': capacityCase({ volumeM3: 1 }),
  'capacity in pallets': capacityCase({ pallets: 10 }),
  'capacity in parcels': capacityCase({ parcels: 10 }),
  'what an order requires': [
    choice({}, { capabilities: ['COLD'] }),
    'van-1 D1',
    { orders: [{ requirements: ['COLD'] }] },
    'van-2 D1',
  ],
  'a priority': [
    { vehicles: [{ capacity: small }], orders: heavyOnes },
    'van-1 D1, out 2 3',
    { orders: heavyOnes.toReversed() },
    'van-1 D3, out 2 1',
  ],
  'one order above many, with all priorities in use': [
    { vehicles: [{ capacity: { ...small, weightKg: 240, volumeM3: 9 } }], orders: ranked(60) },
    `van-1 D0+D1+D2+D3, ${outFrom(4)}`,
    { orders: ranked(240) },
    `van-1 D0, ${outFrom(1)}`,
  ],
  'a window': [
    {
      orders: [
        { ...near, windows: [hours(9, 10)] },
        { ...far, windows: [hours(14, 15)] },
      ],
    },
    'van-1 D1 D2',
    {
      orders: [
        { ...near, windows: [hours(14, 15)] },
        { ...far, windows: [hours(9, 10)] },
      ],
    },
    'van-1 D2 D1',
  ],
  'another window': [
    { orders: [{ ...far, windows: [hours(7, 8.01)] }] },
    'out 1',
    { orders: [{ ...far, windows: [hours(7, 8.01), hours(9, 10)] }] },
    'van-1 D1',
  ],
  'time for service': [
    { orders: [near] },
    'van-1 D1',
    { orders: [{ ...near, serviceSeconds: 9 * 3_600 }] },
    'out 1',
  ],
  'time for setup': [
    { places: [at(2)], orders: [{ delivery: visit(1) }] },
    'van-1 D1',
    { orders: [{ delivery: visit(1, { setupSeconds: 9 * 3_600 }) }] },
    'out 1',
  ],
  'a pair': [
    {
      vehicles: [open],
      places: [at(2), at(20)],
      orders: [{ delivery: visit(1) }, { pickup: visit(2) }],
    },
    'van-1 D1 P2',
    { orders: [{ delivery: visit(1), pickup: visit(2) }] },
    'van-1 P1 D1',
  ],
  'a reload': [
    {
      vehicles: [{ capacity: small }],
      orders: heavyOnes.map((order, index) => ({
        ...order,
        windows: [hours(8 + index, 9 + index)],
      })),
    },
    'van-1 D1, out 2 3',
    { vehicles: [{ capacity: small, reload: { place: 0, durationSeconds: 600, max: 1 } }] },
    'van-1 D1 R D2, out 3',
  ],
  'a break': [
    { vehicles: [open], orders: [far, { ...near, windows: [hours(13, 13.2)], priority: 10 }] },
    'van-1 D2 D1',
    { vehicles: [{ ...open, breaks: [lunch(12.9, 13)] }] },
    'van-1 D1, out 2',
  ],
  'a fixed cost': [choice(), 'van-1 D1', choice({ cost: { ...costs, fixed: 60 } }), 'van-2 D1'],
  'a cost per kilometre': [
    choice(),
    'van-1 D1',
    choice({ cost: { perKm: 9, perHour: 25, fixed: 40 } }),
    'van-2 D1',
  ],
  'a cost per hour': [
    choice(),
    'van-1 D1',
    choice({ cost: { perKm: 0.5, perHour: 250, fixed: 40 } }),
    'van-2 D1',
  ],
  'a profile': [{ ...choice(), orders: [far] }, 'van-1 D1', choice(bike), 'van-2 D1'],
  'where a vehicle starts': [
    { places: [at(20)], ...choice(), orders: [far] },
    'van-1 D1',
    choice({}, { startPlace: 1 }),
    'van-2 D1',
  ],
  'where a vehicle ends': [
    { places: [at(20)], ...choice(), orders: [far] },
    'van-1 D1',
    choice({}, { endPlace: null }),
    'van-2 D1',
  ],
  'several depots': [
    { places: [at(100)], ...choice(), orders: nearAndVeryFar },
    'van-1 D1 D2',
    depots,
    'van-1 D1, van-2 D2',
  ],
  'the start of a shift': limitCase({ shiftStartSeconds: 16.75 * 3_600 }),
  'the end of a shift': limitCase({ shiftEndSeconds: 8.25 * 3_600 }),
  'a limit on the distance': limitCase({ maxDistanceMeters: 15_000 }),
  'a limit on the duration': limitCase({ maxDurationSeconds: 1_000 }),
  'a limit on the visits': [
    { vehicles: [open], orders: two },
    'van-1 D2 D1',
    { vehicles: [{ ...open, maxVisits: 1 }] },
    'van-1 D1, out 2',
  ],
  'a weight of lateness': [
    { orders: [{ ...far, windows: [hours(7, 8.01)] }] },
    'out 1',
    { objectives: { lateness: 1 } },
    'van-1 D1',
  ],
  'a weight of distance': [
    { places: [at(20)], ...choice({ ...free, startPlace: 1 }), orders: [near] },
    'van-1 D1',
    { objectives: { distance: 10 } },
    'van-2 D1',
  ],
  'a weight of duration': [
    { ...choice({ ...free, ...bike }), orders: [far] },
    'van-1 D1',
    { objectives: { duration: 100 } },
    'van-2 D1',
  ],
  'a weight of vehicles': [
    { ...depots, orders: nearAndVeryFar },
    'van-1 D1, van-2 D2',
    { objectives: { vehicles: 1_000 } },
    'van-1 D1 D2',
  ],
  'a weight of emissions': [
    choice({ co2eGramsPerKm: 900 }, { co2eGramsPerKm: 0 }),
    'van-1 D1',
    { objectives: { co2e: 100 } },
    'van-2 D1',
  ],
  'a weight of balance': [
    {
      ...choice({}, { cost: { ...costs, perKm: 0.6 } }),
      orders: [early, { point: at(-20), windows: [hours(9, 10)] }],
    },
    'van-1 D1 D2',
    { objectives: { workloadBalance: 1_000 } },
    'van-1 D2, van-2 D1',
  ],
  'ways there that are not ways back': [
    { places: [], orders: [near, far], travel: triangle([0, 1, 2]) },
    'van-1 D1 D2',
    { travel: triangle([0, 2, 1]) },
    'van-1 D2 D1',
  ],
  'a plan that stands': [
    choice(),
    'van-1 D1',
    { present: stood('INSERT', ['van-2', 1]) },
    'van-2 D1',
  ],
  'stability that lets orders move': [
    { ...choice(), present: stood('REPAIR', ['van-2', 1], { stability: 0.9 }) },
    'van-2 D1',
    { present: stood('REPAIR', ['van-2', 1], { stability: 0.1 }) },
    'van-1 D1',
  ],
  'visits that stay on their vehicle': [
    { ...choice(open, open), orders: [near, far], present: stood('FULL', ['van-2', 2, 1]) },
    'van-1 D1 D2',
    { present: stood('RESEQUENCE', ['van-2', 2]) },
    'van-2 D2, out 1',
  ],
  'an order that its vehicle cannot keep': [
    { ...choice({ maxVisits: 1 }), orders: two, present: stood('REPAIR', ['van-1', 1, 2]) },
    'van-1 D1, van-2 D2',
    { present: stood('RESEQUENCE', ['van-1', 1, 2]) },
    'van-1 D1, out 2',
  ],
  'the sequence of a route that stands': [
    { ...line, present: stood('RESEQUENCE', ['van-1', 2, 1, 3]) },
    'van-1 D1 D2 D3',
    { present: stood('INSERT', ['van-1', 2, 1, 3]) },
    'van-1 D2 D1 D3',
  ],
  'what is driven already': [
    { ...line, present: stood('FULL', ['van-1', 2, 1, 3]) },
    'van-1 D1 D2 D3',
    { present: stood('FULL', ['van-1', 3, 1], { frozenVisits: 1 }) },
    'van-1 D3 D2 D1',
  ],
  'a lock': [
    { ...line, present: stood('INSERT', ['van-1', 2]) },
    'van-1 D1 D2 D3',
    { present: stood('INSERT', ['van-1', 2], { isLocked: true }) },
    'van-1 D2, out 1 3',
  ],
  'a sequence that has become impossible': [
    { orders: two, present: stood('REPAIR', ['van-1', 1, 2]) },
    'van-1 D1 D2',
    {
      orders: [
        { ...far, windows: [hours(12, 13)] },
        { ...near, windows: [hours(9, 10)], priority: 10 },
      ],
    },
    'van-1 D2 D1',
  ],
};

function capacityCase(capacity: object): Case {
  return [
    { vehicles: [{ capacity: large }], orders: heavyOnes },
    'van-1 D1+D2+D3',
    { vehicles: [{ capacity: { ...large, ...capacity } }] },
    'van-1 D1, out 2 3',
  ];
}

/** The far order is out of reach. */
function limitCase(limit: object): Case {
  return [
    { vehicles: [open], orders: two },
    'van-1 D2 D1',
    { vehicles: [{ ...open, ...limit }] },
    'van-1 D2, out 1',
  ];
}
