import { randomUUID } from 'node:crypto';

import type { DEMO_DEPOTS } from '../data/demo-identities.ts';
import { askTenTimes } from './ask-ten-times.ts';
import { createDemoClient, type Credential, type DemoClient } from './client.ts';
import { showShadows, startShadows } from './compare-algorithms.ts';
import type { DepotDay } from './depot-day.ts';
import { driveTwoStops } from './drive-two-stops.ts';
import { lookBehindANumber } from './look-behind-a-number.ts';
import { insertLateOrders, planTheDay } from './plan-the-day.ts';
import { printCost, printFact, printStep } from './print.ts';
import { requestReports } from './request-reports.ts';
import { showReports } from './show-reports.ts';

/** The callers of the story, all of one organization. */
export type Cast = {
  gatewayUrl: string;
  dispatcher: Credential;
  analyst: Credential;
  partner: Credential;
  drivers: readonly Credential[];
};

/** Tells the whole story once; works again on a day that was planned before. */
export async function tellStory(cast: Cast): Promise<void> {
  const { gatewayUrl } = cast;
  const dispatcher = createDemoClient({ gatewayUrl, client: 'web', credential: cast.dispatcher });
  const analyst = createDemoClient({ gatewayUrl, client: 'web', credential: cast.analyst });
  const partner = createDemoClient({
    gatewayUrl,
    client: 'partner-harbor',
    credential: cast.partner,
  });
  const drivers = cast.drivers.map((credential) =>
    createDemoClient({ gatewayUrl, client: 'driver', credential }),
  );
  const depot = await openBoard(dispatcher);
  await createOrders(partner, depot);
  await startShadows(dispatcher, depot);
  const run = await planTheDay(dispatcher, depot);
  await createLateOrder(partner, depot);
  await insertLateOrders(dispatcher, depot);
  await showShadows(dispatcher, run);
  await compareBatching(dispatcher, depot);
  await driveTwoStops(drivers, dispatcher, depot);
  const reports = await requestReports(dispatcher, depot);
  await showReports(dispatcher, reports);
  await askTenTimes([dispatcher, analyst], depot);
  await lookBehindANumber(dispatcher, depot);
}

async function openBoard(dispatcher: DemoClient): Promise<DepotDay> {
  printStep('The dispatcher opens the board of a depot');
  const list = await dispatcher.run('DepotList');
  printCost('DepotList', list.cost);
  const found = list.data.depots.nodes.find(({ code }) => code === DEPOT_CODE);
  if (!found) throw new Error(`there is no depot ${DEPOT_CODE}: load the demo data`);
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: found.timeZone }).format(new Date());
  const depot = { ...found, date };
  const open = await dispatcher.run('OrdersUnassigned', dayOf(depot));
  printCost('OrdersUnassigned (100)', open.cost);
  const { value, precision } = open.data.orders.count;
  const count = precision === 'EXACT' ? String(value) : `at least ${value}`;
  printFact(`${depot.name}, ${date}: ${count} orders wait to be planned`);
  return depot;
}

async function createOrders(partner: DemoClient, depot: DepotDay): Promise<void> {
  printStep('A partner creates orders by a persisted operation: only its hash is sent');
  const idempotencyKey = randomUUID();
  const orders = [1, 2, 3].map((number) => demoOrder(depot, number));
  const input = { idempotencyKey, orders: [...orders, tooHeavy(demoOrder(depot, 4))] };
  const created = await partner.run('PartnerCreateOrders', { input });
  printCost('PartnerCreateOrders (4)', created.cost);
  const made = created.data.ordersCreate.orders;
  for (const order of made) if (order) printFact(`${order.trackingNumber} ${order.status}`);
  const again = await partner.run('PartnerCreateOrders', { input });
  printCost('the same again, by retry', again.cost);
  const same = again.data.ordersCreate.orders.every((order, i) => order?.id === made[i]?.id);
  if (!same) throw new Error('a retry with the same key gave other orders');
  printFact('same orders: nothing was created twice');
}

async function createLateOrder(partner: DemoClient, depot: DepotDay): Promise<void> {
  printStep('An order comes after the plan was published');
  const input = { idempotencyKey: randomUUID(), orders: [demoOrder(depot, 5)] };
  const { data, cost } = await partner.run('PartnerCreateOrders', { input });
  printCost('PartnerCreateOrders (1)', cost);
  printFact(`${data.ordersCreate.orders[0]?.trackingNumber} is to go out today`);
}

/** No vehicle takes it, so that somebody has to be told why it is left out. */
const tooHeavy = <Order extends { parcels: object[] }>(order: Order): Order => ({
  ...order,
  parcels: [{ reference: 'anvil', quantity: 1, weightKg: 60_000, volumeM3: 1 }],
});

const DEPOT_CODE = 'CHI-N' satisfies keyof typeof DEMO_DEPOTS;

const demoOrder = (depot: DepotDay, number: number) => ({
  externalReference: `demo-${randomUUID()}`,
  depotId: depot.id,
  serviceDate: depot.date,
  place: {
    name: `Demo customer ${number}`,
    addressLines: [`${number} Demo Street`],
    countryCode: 'US',
    point: {
      latitude: depot.location.latitude + 0.01 * number,
      longitude: depot.location.longitude - 0.01 * number,
    },
  },
  parcels: [{ reference: 'box', quantity: number, weightKg: 4.5, volumeM3: 0.03 }],
});

async function compareBatching(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  printStep('The board again, and one route in detail: batched, then with batching switched off');
  const board = await dispatcher.run('BoardOpen', dayOf(depot));
  const routes = board.data.plan?.routes.nodes ?? [];
  printCost(`BoardOpen (${routes.length} routes)`, board.cost);
  const [longest] = routes.toSorted((a, b) => b.progress.totalStops - a.progress.totalStops);
  if (!longest) return printFact('there is no route to look into');
  const batched = await dispatcher.run('BoardRouteDetail', { id: longest.id });
  printCost(`BoardRouteDetail (${longest.progress.totalStops} stops)`, batched.cost);
  const single = await dispatcher.run('BoardRouteDetail', { id: longest.id }, { batching: false });
  printCost('the same without batching', single.cost);
  const ratio = single.cost.sqlStatements / Math.max(1, batched.cost.sqlStatements);
  printFact(`${ratio.toFixed(0)} times as many SQL statements without batching`);
}

const dayOf = ({ id, date }: DepotDay) => ({ depotId: id, date });
