import { randomUUID } from 'node:crypto';
import { mock } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';

import { createOrders, orderInput, ORDERS_CREATE, publish } from './day.ts';
import { addOrganization, DAY } from './fleet-stand-in.ts';
import type { Organization } from './fleet-stand-in.ts';
import { dispatcher } from './route-world.ts';
import type { Answer, RouteWorld } from './route-world.ts';

const WEEK_MS = 7 * 86_400_000;

/** Holds the clock of this process before the day that the tests plan: nothing is possible in the past. */
export function holdClockBeforeDay(): void {
  mock.timers.enable({ apis: ['Date'], now: Date.parse(`${DAY}T12:00:00Z`) - WEEK_MS });
}

export const SLOT_OFFERS = `query ($input: SlotOffersInput!) { slotOffers(input: $input) {
  serviceDate window { start end } marginalCost { amount currency } marginalDistanceMeters
  marginalCo2eGrams offerToken expiresAt } }`;

/** For the address of `orderInput(3)`. */
export function slotInput(changes: object = {}): Answer {
  const { place, parcels } = orderInput(3);
  return { place, parcels, dates: { from: DAY, to: DAY }, ...changes };
}

export async function offers(
  world: RouteWorld,
  identity: Identity,
  changes: object = {},
): Promise<Answer[]> {
  const { slotOffers } = await world.ask(identity, SLOT_OFFERS, { input: slotInput(changes) });
  return slotOffers;
}

/** Orders what was offered. */
export async function take(
  world: RouteWorld,
  identity: Identity,
  token: string,
  changes: object = {},
): Promise<Answer> {
  const order = { ...orderInput(3), slotOfferToken: token, ...changes };
  const input = { idempotencyKey: randomUUID(), orders: [order] };
  const { ordersCreate } = await world.ask(identity, ORDERS_CREATE, { input });
  return ordersCreate;
}

/** An organization with eight orders, planned and published. */
export async function plannedDay(
  world: RouteWorld,
  name: string,
  { vans = 2 } = {},
): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans });
  const orders = Array.from({ length: 8 }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(organization), orders);
  await publish(world, organization);
  return organization;
}
