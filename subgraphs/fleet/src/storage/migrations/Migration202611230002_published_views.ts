import { Migration } from '@mikro-orm/migrations';

/** What other subgraphs may read of the fleet. A column here is a promise: add, never change. */
export class Migration202611230002_published_views extends Migration {
  override up(): void {
    this.addSql('create schema if not exists fleet_published');
    this.addSql(`
      create view fleet_published.organizations as
        select id, name, time_zone, currency from fleet.organizations`);
    this.addSql(`
      create view fleet_published.partners as
        select id, organization_id, name from fleet.partners`);
    this.addSql(`
      create view fleet_published.depots as
        select id, organization_id, code, name, latitude, longitude, time_zone from fleet.depots`);
    this.addSql(vehicles);
    this.addSql(`
      create view fleet_published.drivers as
        select id, organization_id, home_depot_id, display_name, skills from fleet.drivers`);
    this.addSql(shifts);
  }
}

// A vehicle whose costs are unknown counts as free: planners need a number, not a gap.
const vehicles = `
  create view fleet_published.vehicles as
    select
      id, organization_id, home_depot_id, display_name, registration_plate, kind, status,
      capabilities, capacity_weight_kg, capacity_volume_m3, capacity_parcels,
      coalesce(cost_per_km, 0) as cost_per_km,
      coalesce(cost_per_hour, 0) as cost_per_hour,
      coalesce(cost_fixed_per_day, 0) as cost_fixed_per_day
    from fleet.vehicles`;

const shifts = `
  create view fleet_published.shifts as
    select
      shift.id, shift.organization_id,
      coalesce(vehicle.home_depot_id, driver.home_depot_id) as depot_id,
      shift.driver_id, shift.vehicle_id,
      shift.planned_start, shift.planned_end, shift.started_at, shift.ended_at
    from fleet.shifts shift
    join fleet.drivers driver on driver.id = shift.driver_id
    left join fleet.vehicles vehicle on vehicle.id = shift.vehicle_id`;
