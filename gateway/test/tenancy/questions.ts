/** Ids of one organization's objects, by type. */
export type Ids = Record<
  | 'depot'
  | 'vehicle'
  | 'driver'
  | 'order'
  | 'route'
  | 'stop'
  | 'plan'
  | 'run'
  | 'experiment'
  | 'report'
  | 'schedule',
  string
> & { trackingNumber: string; externalReference: string; date: string };

type Questions = Record<string, (ids: Ids) => string>;

/** A question for each field of Query, with the ids of the organization that it is about. */
export const QUERIES: Questions = {
  viewer: ({ date }) =>
    `{ viewer { scopes organization { id name kpis(period: { from: "${date}", to: "${date}" }) { onTime { denominator evidence { nodes { id } } } } } partner { id serviceLevel(period: { from: "${date}", to: "${date}" }) { orders } } } }`,
  me: () => '{ me { id displayName } }',
  depot: ({ depot, date }) =>
    `{ depot(id: "${depot}") { id kpis(period: { from: "${date}", to: "${date}" }) { onTime { denominator evidence { nodes { id } } } } name code timeZone vehicles(first: 5) { nodes { id } } } }`,
  depots: () => '{ depots(first: 200) { nodes { id name } } }',
  vehicle: ({ vehicle, date }) =>
    `{ vehicle(id: "${vehicle}") { id utilization(period: { from: "${date}", to: "${date}" }) { routes shiftSeconds } emissions(period: { from: "${date}", to: "${date}" }) { co2eGrams } displayName homeDepot { id } position { recordedAt } currentDriver { id } } }`,
  vehicles: ({ depot }) =>
    `{ all: vehicles(first: 200) { nodes { id displayName } count { value } } vehicles(filter: { depotId: "${depot}" }) { nodes { id } } }`,
  driver: ({ driver, date }) =>
    `{ driver(id: "${driver}") { id scorecard(period: { from: "${date}", to: "${date}" }) { stops } displayName phone homeDepot { id } currentShift { id } } }`,
  drivers: ({ depot }) =>
    `{ all: drivers(first: 200) { nodes { id displayName } } drivers(filter: { depotId: "${depot}" }) { nodes { id } } }`,
  order: ({ order, trackingNumber, externalReference }) =>
    `{ order(by: { id: "${order}" }) { id depot { id } fitOptions { kind vehicle { id } } } byNumber: order(by: { trackingNumber: "${trackingNumber}" }) { id } byReference: order(by: { externalReference: "${externalReference}" }) { id } }`,
  orders: ({ depot }) =>
    `{ all: orders(first: 200) { nodes { id trackingNumber } } orders(filter: { depotId: "${depot}" }) { nodes { id } } }`,
  route: ({ route }) =>
    `{ route(id: "${route}") { id performance { onTime co2eGrams } depot { id } vehicle { id } stops(first: 5) { nodes { id orders { id } } } } }`,
  routes: ({ depot, date }) =>
    `{ all: routes(first: 200, filter: { date: "${date}" }) { nodes { id } } routes(filter: { date: "${date}", depotId: "${depot}" }) { nodes { id } } }`,
  plan: ({ depot, date }) => `{ plan(depotId: "${depot}", date: "${date}") { id depot { id } } }`,
  optimizationRun: ({ run }) => `{ optimizationRun(id: "${run}") { id plan { id } } }`,
  slotOffers: ({ depot, date }) =>
    `{ slotOffers(input: { depotId: "${depot}", place: { addressLines: ["1 Main St"], countryCode: "US", point: { latitude: 41.9, longitude: -87.7 } }, parcels: [{ reference: "p" }], dates: { from: "${date}", to: "${date}" } }) { window { start end } marginalDistanceMeters } }`,
  experiment: ({ experiment }) =>
    `{ experiment(id: "${experiment}") { id key outcome { verdict } depots { id } variants { key } } }`,
  experiments: () => '{ experiments(first: 200) { id key depots { id } } }',
  report: ({ report }) => `{ report(id: "${report}") { id subject { __typename } } }`,
  reports: ({ schedule }) =>
    `{ all: reports(first: 200) { nodes { id } } reports(filter: { scheduleId: "${schedule}" }) { nodes { id } } }`,
  reportSchedules: () =>
    '{ reportSchedules(first: 200) { nodes { id name lastReport { id } subject { __typename } } } }',
  kpis: ({ depot, date }) =>
    `{ kpis(scope: { depotId: "${depot}" }, period: { from: "${date}", to: "${date}" }) { onTime { value denominator evidence { nodes { id } } } restatedDays } }`,
};

/** Fields of Query that are the same for everybody. */
export const PUBLIC_QUERIES = ['reportDefinitions', 'track', 'travelMatrix'];

/** Subscriptions that name an object of an organization: each has a test of its own. */
export const SUBSCRIPTIONS_ASKED = [
  'reportUpdated',
  'optimizationRunUpdated',
  'vehiclePositions',
  'boardUpdated',
  'vehicleAlerts',
];

/** Subscriptions to what belongs to the caller, or to a token that is the permission. */
export const SUBSCRIPTIONS_TO_OWN = ['reportsUpdated', 'myRouteUpdated', 'orderTracking'];

const ERRORS = 'userErrors { __typename code message path }';
const KEY = 'idempotencyKey: "tenancy"';
const NOW = new Date().toISOString();

/** A change for each field of Mutation that names an object of an organization. */
export const MUTATIONS: Questions = {
  vehicleCreate: ({ depot }) =>
    `mutation { vehicleCreate(input: { ${KEY}, displayName: "x", registrationPlate: "x", kind: VAN, homeDepotId: "${depot}", capacity: { weightKg: 1, volumeM3: 1 } }) { vehicle { id } ${ERRORS} } }`,
  vehicleUpdate: ({ vehicle }) =>
    `mutation { vehicleUpdate(id: "${vehicle}", expectedVersion: 1, input: { displayName: "stolen" }) { vehicle { id } ${ERRORS} } }`,
  orderUpdate: ({ order }) =>
    `mutation { orderUpdate(id: "${order}", expectedVersion: 1, input: { priority: 1 }) { order { id } ${ERRORS} } }`,
  orderCancel: ({ order }) =>
    `mutation { orderCancel(id: "${order}", expectedVersion: 1) { order { id } ${ERRORS} } }`,
  planOptimize: ({ depot, date }) =>
    `mutation { planOptimize(input: { ${KEY}, depotId: "${depot}", date: "${date}" }) { run { id } ${ERRORS} } }`,
  optimizationRunCancel: ({ run }) =>
    `mutation { optimizationRunCancel(id: "${run}") { run { id } ${ERRORS} } }`,
  optimizationRunFinish: ({ run }) =>
    `mutation { optimizationRunFinish(id: "${run}") { run { id } ${ERRORS} } }`,
  planPublish: ({ plan, run }) =>
    `mutation { planPublish(planId: "${plan}", expectedVersion: 1, runId: "${run}") { plan { id } ${ERRORS} } }`,
  experimentCreate: ({ depot }) =>
    `mutation { experimentCreate(input: { ${KEY}, key: "tenancy", hypothesis: "x", unit: SHADOW, depotIds: ["${depot}"], variants: [{ key: "a", algorithm: "sisr", isControl: true }, { key: "b", algorithm: "sisr" }] }) { experiment { id } ${ERRORS} } }`,
  experimentStart: ({ experiment }) =>
    `mutation { experimentStart(id: "${experiment}", expectedVersion: 1) { experiment { id } ${ERRORS} } }`,
  experimentPause: ({ experiment }) =>
    `mutation { experimentPause(id: "${experiment}", expectedVersion: 1) { experiment { id } ${ERRORS} } }`,
  experimentConclude: ({ experiment }) =>
    `mutation { experimentConclude(id: "${experiment}", expectedVersion: 1) { experiment { id } ${ERRORS} } }`,
  routesDispatch: ({ route }) =>
    `mutation { routesDispatch(ids: ["${route}"], ${KEY}) { routes { id } ${ERRORS} } }`,
  reportRequest: ({ depot, date }) =>
    `mutation { reportRequest(input: { ${KEY}, kind: ON_TIME_IN_FULL, subjectId: "${depot}", period: { from: "${date}", to: "${date}" } }) { report { id } ${ERRORS} } }`,
  reportCancel: ({ report }) =>
    `mutation { reportCancel(id: "${report}") { report { id } ${ERRORS} } }`,
  reportScheduleCreate: ({ depot }) =>
    `mutation { reportScheduleCreate(input: { ${KEY}, name: "x", kind: ON_TIME_IN_FULL, subjectId: "${depot}", period: PREVIOUS_DAY, rrule: "FREQ=DAILY", timeZone: "UTC" }) { schedule { id } ${ERRORS} } }`,
  reportScheduleUpdate: ({ schedule }) =>
    `mutation { reportScheduleUpdate(id: "${schedule}", expectedVersion: 1, input: { name: "stolen" }) { schedule { id } ${ERRORS} } }`,
  reportScheduleDelete: ({ schedule }) =>
    `mutation { reportScheduleDelete(id: "${schedule}", expectedVersion: 1) { deletedId ${ERRORS} } }`,
  ordersCreate: ({ depot, date }) =>
    `mutation { ordersCreate(input: { ${KEY}, orders: [{ depotId: "${depot}", serviceDate: "${date}", place: { addressLines: ["1 Main St"], countryCode: "US", point: { latitude: 41.9, longitude: -87.7 } }, parcels: [{ reference: "p" }] }] }) { orders { id } ${ERRORS} } }`,
  positionsIngest: ({ vehicle }) =>
    `mutation { positionsIngest(input: { vehicleId: "${vehicle}", positions: [{ point: { latitude: 41.9, longitude: -87.7 }, recordedAt: "${NOW}" }] }) { accepted duplicates rejected ${ERRORS} } }`,
  stopArrive: ({ stop }) =>
    `mutation { stopArrive(id: "${stop}", input: { ${KEY}, occurredAt: "${NOW}" }) { stop { id } ${ERRORS} } }`,
  stopComplete: ({ stop }) =>
    `mutation { stopComplete(id: "${stop}", input: { ${KEY}, occurredAt: "${NOW}" }) { stop { id } ${ERRORS} } }`,
  stopCorrect: ({ stop }) =>
    `mutation { stopCorrect(id: "${stop}", expectedVersion: 1, input: { ${KEY}, outcome: FAILED, failureReason: OTHER }) { stop { id } ${ERRORS} } }`,
  stopFail: ({ stop }) =>
    `mutation { stopFail(id: "${stop}", input: { ${KEY}, occurredAt: "${NOW}", reason: OTHER }) { stop { id } ${ERRORS} } }`,
};

/** Who of the other organization may send a change; a dispatcher, unless it is here. */
export const SENDERS: Readonly<Record<string, string>> = {
  positionsIngest: 'otherTracker',
  stopArrive: 'otherDriver',
  stopComplete: 'otherDriver',
  stopFail: 'otherDriver',
};

/** The change that names no object: it is about the driver of the token. */
export const OF_THE_TOKEN = 'driverDutyStatusSet';

/** It, with a key of its own. */
export const setDutyStatus = (key: string): string =>
  `mutation { driverDutyStatusSet(input: { idempotencyKey: "${key}", dutyStatus: ON_DUTY, at: "${NOW}" }) { driver { id } ${ERRORS} } }`;
