import { Migration } from '@mikro-orm/migrations';

/**
 * What other subgraphs may read. The column lists are a contract: columns may be added at the end,
 * none may be renamed or removed while somebody reads them.
 */
export class Migration202611230002_published extends Migration {
  override up(): void {
    this.addSql('create schema if not exists route_published');
    this.addSql(stopFacts);
    this.addSql(routeFacts);
  }
}

const stopFacts = `
create view route_published.stop_facts as
select stop_id, organization_id, depot_id, partner_id, route_id, vehicle_id, driver_id, service_date,
  kind, outcome, window_start, window_end, planned_arrival, arrived_at, departed_at, on_time,
  order_count, orders_in_full, orders_otif, orders_first_attempt, dwell_seconds, planned_sequence,
  actual_sequence, service_seconds, recorded_at
from route.stop_facts`;

const routeFacts = `
create view route_published.route_facts as
select route_id, organization_id, depot_id, vehicle_id, driver_id, service_date, planned_start,
  planned_end, started_at, ended_at, distance_meters, driving_seconds, stop_count, load_weight_kg,
  capacity_weight_kg, cost, currency, recorded_at
from route.route_facts`;
