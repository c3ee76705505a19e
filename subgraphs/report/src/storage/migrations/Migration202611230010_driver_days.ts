import { Migration } from '@mikro-orm/migrations';

import { histogramFunctions } from './histogram-functions.ts';

/**
 * Histograms of drivers and vehicles too; every day is summed again. Arrays begin with their first
 * value, since a driver's day fills few buckets. The primary key carries what a scorecard reads, so
 * that it reads no table.
 */
export class Migration202611230010_driver_days extends Migration {
  override up(): void {
    for (const statement of histogramFunctions) this.addSql(statement);
    this.addSql(`alter table report.driver_days
      add column dwell_histogram integer[] not null default '{}',
      add column eta_error_histogram integer[] not null default '{}',
      drop constraint driver_days_pkey,
      add primary key (organization_id, service_date, depot_id, driver_id, vehicle_id)
        include (stops, orders, orders_first_attempt, promised_stops, on_time_stops, route_stops,
          duty_seconds, driving_seconds, planned_service_seconds)`);
    this.addSql(`insert into report.dirty_days (organization_id, service_date, since)
      select organization_id, service_date, computed_at from report.day_states
      on conflict do nothing`);
  }
}
