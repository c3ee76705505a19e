import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asQuery } from './as-query.ts';

test('a subscription to one report becomes a query of that report', () => {
  const watch = 'subscription Watch($id: ID!) {\n  reportUpdated(id: $id) { id status }\n}';
  assert.equal(asQuery(watch), 'query Watch($id: ID!) {\n  report(id: $id) { id status }\n}');
});

test('a subscription to one run becomes a query of that run', () => {
  const watch = 'subscription Watch($id: ID!) { optimizationRunUpdated(id: $id) { id } }';
  assert.equal(asQuery(watch), 'query Watch($id: ID!) { optimizationRun(id: $id) { id } }');
});

test('a subscription to many reports becomes a query of a page of them', () => {
  const live = `subscription Live($filter: ReportFilter) {
  reportsUpdated(filter: $filter) {
    id
    progress { ratio }
  }
}`;
  assert.equal(
    asQuery(live),
    `query Live($first: Int!, $filter: ReportFilter) {
  reports(first: $first, filter: $filter) { nodes {
    id
    progress { ratio }
  } }
}`,
  );
});

test('a subscription to vehicles becomes a query of a page of them', () => {
  const live = `subscription Live($depotId: ID!, $intervalSeconds: Int! = 2) {
  vehiclePositions(filter: { depotId: $depotId }, intervalSeconds: $intervalSeconds) {
    at
    vehicles {
      id
    }
  }
}`;
  assert.equal(
    asQuery(live),
    `query Live($depotId: ID!, $first: Int!) {
  vehicles(first: $first, filter: { depotId: $depotId }) { nodes {
      id
    } }
}`,
  );
});

test('a subscription to the route of a driver becomes a query of that route', () => {
  const live = 'subscription Live { myRouteUpdated { id stops(first: 1) { nodes { id } } } }';
  assert.equal(
    asQuery(live),
    'query Live($id: ID!) { route(id: $id) { id stops(first: 1) { nodes { id } } } }',
  );
});

test('a subscription to a delivery becomes a look at its tracking', () => {
  const live = 'subscription Live($token: String!) { orderTracking(token: $token) { status } }';
  assert.equal(
    asQuery(live),
    'query Live($token: String!) { track(token: $token) { ... on TrackedDelivery { status } } }',
  );
});

test('a subscription to a board becomes a look at one of each kind that changes', () => {
  const live = `subscription Live($depotId: ID!) { boardUpdated(depotId: $depotId) { cursor change {
    ... on Route { id progress { totalStops } } ... on Stop { id }
    ... on Order { id } ... on OptimizationRun { id } } } }`;
  assert.equal(
    asQuery(live),
    `query Live($route: ID!, $order: ID!, $run: ID!) {
  route(id: $route) { id progress { totalStops } }
  order(by: { id: $order }) { id }
  optimizationRun(id: $run) { id }
}`,
  );
});

test('a subscription to alerts becomes a look at what one of them leads to', () => {
  const live = `subscription Live($depotId: ID) { vehicleAlerts(depotId: $depotId) {
    id vehicle { id displayName } depot { name } } }`;
  assert.equal(
    asQuery(live),
    `query Live($vehicle: ID!, $depot: ID!) {
  vehicle(id: $vehicle) { id displayName }
  depot(id: $depot) { name }
}`,
  );
});
