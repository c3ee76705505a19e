// npm run bench:slots: how long it takes to offer windows beside a planned day of 500 orders.
import { measure } from '../budgets/measure.ts';
import { createRandom } from '../data/random.ts';
import type { Random } from '../data/random.ts';
import { ownStack } from '../own-stack.ts';
import { address, ORDERS, planDay, SHIPMENT } from './planned-day.ts';

const ASKED = 60;
const WARM_UP = 10;
const TARGET_MS = 200;

const SLOT_OFFERS = `query ($input: SlotOffersInput!) { slotOffers(input: $input) {
  window { start end } marginalCost { amount } offerToken } }`;

await using running = await ownStack({ demoData: false });
const day = await planDay(running);
process.stdout.write(`${ORDERS} orders, ${day.planned} planned on ${day.routes} routes\n`);
const random = createRandom('slot-offers');
for (const days of [1, 7]) await report(days, random);

/** Milliseconds as a client sees them, through gateway, subgraph and database. */
async function report(days: number, draw: Random): Promise<void> {
  const took: number[] = [];
  let offers = 0;
  for (let call = 0; call < WARM_UP + ASKED; call++) {
    const startedAt = performance.now();
    const { data } = await measure(running.urls.gateway, {
      document: { body: SLOT_OFFERS },
      credential: running.credentials['dispatcher'] ?? null,
      variables: { input: inputFor(days, draw) },
    });
    if (call < WARM_UP) continue;
    took.push(performance.now() - startedAt);
    offers += (data['slotOffers'] as unknown[]).length;
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(share * (took.length - 1))]!;
  const texts = [`median ${at(0.5).toFixed(0)} ms`, `95 % ${at(0.95).toFixed(0)} ms`];
  process.stdout.write(
    `${days} day(s): ${texts.join(', ')}, ${(offers / ASKED).toFixed(1)} offers each; ` +
      `${(at(0.5) / TARGET_MS).toFixed(2)} of the ${TARGET_MS} ms that are allowed\n`,
  );
}

function inputFor(days: number, draw: Random) {
  return {
    depotId: day.depotId,
    place: address(draw),
    parcels: SHIPMENT,
    dates: { from: day.date, to: addDays(day.date, days - 1) },
  };
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
