import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Proposal, ProposalRoute } from '../storage/entities/proposal.ts';
import { figuresOf } from './figures.ts';

const METRICS = {
  distanceMeters: 30_000,
  drivingSeconds: 5_000,
  serviceSeconds: 600,
  waitingSeconds: 0,
  cost: '80.50',
};

function route(shiftId: string, hours: [from: string, to: string], orderIds: string[]) {
  const [plannedStart, plannedEnd] = hours.map((hour) => `2026-12-01T${hour}:00.000Z`);
  const stops = orderIds.map((id) => ({ orders: [{ id, version: 1 }] }));
  return { shiftId, vehicleId: 'van', plannedStart, plannedEnd, stops } as unknown as ProposalRoute;
}

test('a plan’s figures are the sums over its routes', () => {
  const proposal: Proposal = {
    currency: 'EUR',
    routes: [
      route('early', ['06:00', '10:00'], ['a', 'b']),
      route('late', ['12:00', '13:30'], ['c']),
    ],
    unassigned: [{ id: 'd', version: 1, reasons: [] }],
    metrics: METRICS,
  };
  assert.deepEqual(figuresOf(proposal, 4.2), {
    cost: '80.50',
    currency: 'EUR',
    distanceMeters: 30_000,
    durationSeconds: 5.5 * 3600,
    drivingSeconds: 5_000,
    vehicles: 1,
    assigned: 3,
    unassigned: 1,
    computeSeconds: 4.2,
  });
});

test('an order that is picked up and delivered counts once', () => {
  const routes = [route('early', ['06:00', '10:00'], ['a', 'a'])];
  const proposal = { currency: 'EUR', routes, unassigned: [], metrics: METRICS };
  assert.equal(figuresOf(proposal, 1).assigned, 1);
});
