/** Each index names the question it answers. */
export const initialIndexes = [
  // orders: newest first, of an organization and of one partner
  `create index orders_newest on route.orders (organization_id, created_at desc, id desc)`,
  `create index orders_newest_of_partner on route.orders (partner_id, created_at desc, id desc)
    where partner_id is not null`,
  // order(by: externalReference), and its uniqueness per partner (the organization's own orders count as one)
  `create unique index orders_external_reference
    on route.orders (organization_id, partner_id, external_reference) nulls not distinct
    where external_reference is not null`,
  // the problem of a run, orders by depot and day
  `create index orders_of_day on route.orders (depot_id, service_date, status)`,
  // Plan.unassigned: highest priority first
  `create index orders_unassigned on route.orders (depot_id, service_date, priority desc, id)
    where status = 'ACCEPTED'`,
  `create index orders_of_stop on route.orders (stop_id) where stop_id is not null`,
  `create index orders_search on route.orders using gin (search_text gin_trgm_ops)`,
  // Order.events: oldest first
  `create index order_events_of_order on route.order_events (order_id, occurred_at, id)`,
  // Plan.runs: newest first; one live run per plan; quota per organization; sweep for dead ones
  `create index runs_of_plan on route.optimization_runs (plan_id, requested_at desc, id desc)`,
  `create unique index runs_live_of_plan on route.optimization_runs (plan_id)
    where status in ('QUEUED', 'RUNNING')`,
  `create index runs_live on route.optimization_runs (organization_id, heartbeat_at)
    where status in ('QUEUED', 'RUNNING')`,
  // routes of a date, by the vehicle's name; routes of a plan
  `create index routes_of_date on route.routes (organization_id, service_date, vehicle_name, id)`,
  `create index routes_of_plan on route.routes (plan_id, vehicle_name, id)`,
  // Driver.routeOn, Vehicle.activeRoute
  `create index routes_of_driver on route.routes (driver_id, service_date)`,
  `create index routes_active_of_vehicle on route.routes (vehicle_id, planned_start)
    where status in ('DISPATCHED', 'IN_PROGRESS')`,
  // what reports read
  `create index stop_facts_of_day on route.stop_facts (organization_id, service_date, depot_id)`,
  `create index stop_facts_of_partner on route.stop_facts (organization_id, partner_id, service_date)
    where partner_id is not null`,
  `create index route_facts_of_day on route.route_facts (organization_id, service_date, depot_id)`,
];
