import { Migration } from '@mikro-orm/migrations';

/** Orders for exports: one row each as it stands now, in an order that an index gives. */
export class Migration202611230007_published_orders extends Migration {
  override up(): void {
    this.addSql(publishedOrders);
    this.addSql(`create index orders_exported on route.orders (organization_id, service_date, id)`);
  }
}

const publishedOrders = `
create view route_published.orders as
select o.id, o.organization_id, o.depot_id, o.partner_id, o.tracking_number, o.external_reference,
  o.kind, o.status, o.service_date, o.attempt, o.load_weight_kg, o.load_volume_m3, o.load_parcels,
  o.promised_start, o.promised_end, o.created_at, o.finished_at, o.stop_id, stop.planned_arrival,
  stop.arrived_at, stop.departed_at, stop.failure_reason
from route.orders o
left join route.stops stop on stop.id = o.stop_id`;
