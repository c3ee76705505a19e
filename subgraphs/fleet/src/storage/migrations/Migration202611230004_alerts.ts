import { Migration } from '@mikro-orm/migrations';

/** What was judged of a vehicle last, and what somebody should see of it. */
export class Migration202611230004_alerts extends Migration {
  override up(): void {
    this.addSql(states);
    this.addSql(alerts);
  }
}

const states = `
  create table fleet.vehicle_states (
    vehicle_id uuid primary key,
    organization_id uuid not null,
    depot_id uuid,
    is_speeding boolean not null default false,
    is_energy_low boolean not null default false,
    is_offline boolean not null default false,
    foreign key (organization_id, vehicle_id) references fleet.vehicles (organization_id, id)
  )`;

const alerts = `
  create table fleet.vehicle_alerts (
    id uuid primary key,
    organization_id uuid not null,
    vehicle_id uuid not null,
    home_depot_id uuid not null,
    depot_id uuid,
    kind text not null check (kind in
      ('SPEEDING', 'GEOFENCE_ENTER', 'GEOFENCE_EXIT', 'LOW_ENERGY', 'DEVICE_OFFLINE')),
    occurred_at timestamptz(3) not null,
    recorded_at timestamptz(3) not null default now(),
    latitude double precision not null,
    longitude double precision not null,
    detail text not null,
    foreign key (organization_id, vehicle_id) references fleet.vehicles (organization_id, id)
  );
  create index vehicle_alerts_by_time on fleet.vehicle_alerts (recorded_at)`;
