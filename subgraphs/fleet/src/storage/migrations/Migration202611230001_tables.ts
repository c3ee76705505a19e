import { Migration } from '@mikro-orm/migrations';
import { idempotencyTableSql } from '@quantumroute/ops/idempotency';

/**
 * Names sort by a language-neutral ICU collation, so that the order of a list is the same on every
 * server. Instants have milliseconds, like a cursor that is made of them. References carry the
 * organization: a row cannot point into another tenant.
 */
export class Migration202611230001_tables extends Migration {
  override up(): void {
    this.addSql(organizations);
    this.addSql(partners);
    this.addSql(partnerApiKeys);
    this.addSql(depots);
    this.addSql(vehicles);
    this.addSql(drivers);
    this.addSql(shifts);
    this.addSql(positions);
    this.addSql(latestPositions);
    this.addSql(idempotencyTableSql('fleet'));
  }
}

const organizations = `
  create table fleet.organizations (
    id uuid primary key,
    name text not null collate "und-x-icu",
    time_zone text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    stale_after_seconds integer not null default 120 check (stale_after_seconds > 0),
    created_at timestamptz(3) not null default now()
  )`;

const partners = `
  create table fleet.partners (
    id uuid primary key,
    organization_id uuid not null references fleet.organizations (id),
    name text not null collate "und-x-icu",
    created_at timestamptz(3) not null default now(),
    unique (organization_id, id)
  )`;

const partnerApiKeys = `
  create table fleet.partner_api_keys (
    id uuid primary key,
    organization_id uuid not null,
    partner_id uuid not null,
    sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    client text not null,
    scopes text[] not null default '{}',
    created_at timestamptz(3) not null default now(),
    revoked_at timestamptz(3),
    foreign key (organization_id, partner_id) references fleet.partners (organization_id, id)
  )`;

const depots = `
  create table fleet.depots (
    id uuid primary key,
    organization_id uuid not null references fleet.organizations (id),
    code text not null,
    name text not null collate "und-x-icu",
    latitude double precision not null check (latitude between -90 and 90),
    longitude double precision not null check (longitude between -180 and 180),
    time_zone text not null,
    created_at timestamptz(3) not null default now(),
    unique (organization_id, id),
    unique (organization_id, code)
  );
  create index depots_by_name on fleet.depots (organization_id, name, id)`;

const vehicles = `
  create table fleet.vehicles (
    id uuid primary key,
    organization_id uuid not null references fleet.organizations (id),
    version integer not null default 1,
    display_name text not null collate "und-x-icu",
    registration_plate text not null,
    kind text not null
      check (kind in ('CARGO_BIKE', 'CAR', 'VAN', 'RIGID_TRUCK', 'ARTICULATED_TRUCK')),
    status text not null default 'AVAILABLE'
      check (status in ('AVAILABLE', 'IN_MAINTENANCE', 'OUT_OF_SERVICE', 'RETIRED')),
    home_depot_id uuid not null,
    capacity_weight_kg double precision not null check (capacity_weight_kg >= 0),
    capacity_volume_m3 double precision not null check (capacity_volume_m3 >= 0),
    capacity_parcels integer check (capacity_parcels >= 0),
    capabilities text[] not null default '{}',
    cost_per_km numeric(12, 4),
    cost_per_hour numeric(12, 4),
    cost_fixed_per_day numeric(12, 4),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    unique (organization_id, id),
    constraint vehicles_plate_unique unique (organization_id, registration_plate),
    constraint vehicles_costs_together
      check (num_nulls(cost_per_km, cost_per_hour, cost_fixed_per_day) in (0, 3)),
    foreign key (organization_id, home_depot_id) references fleet.depots (organization_id, id)
  );
  create index vehicles_by_name on fleet.vehicles (organization_id, display_name, id);
  create index vehicles_by_depot on fleet.vehicles (organization_id, home_depot_id, display_name, id)`;

const drivers = `
  create table fleet.drivers (
    id uuid primary key,
    organization_id uuid not null references fleet.organizations (id),
    version integer not null default 1,
    display_name text not null collate "und-x-icu",
    phone text,
    duty_status text not null default 'OFF_DUTY'
      check (duty_status in ('OFF_DUTY', 'ON_DUTY', 'DRIVING', 'ON_BREAK')),
    duty_changed_at timestamptz(3),
    skills text[] not null default '{}',
    home_depot_id uuid not null,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    unique (organization_id, id),
    foreign key (organization_id, home_depot_id) references fleet.depots (organization_id, id)
  );
  create index drivers_by_name on fleet.drivers (organization_id, display_name, id);
  create index drivers_by_depot on fleet.drivers (organization_id, home_depot_id, display_name, id)`;

const shifts = `
  create table fleet.shifts (
    id uuid primary key,
    organization_id uuid not null references fleet.organizations (id),
    driver_id uuid not null,
    vehicle_id uuid,
    planned_start timestamptz(3) not null,
    planned_end timestamptz(3) not null,
    started_at timestamptz(3),
    ended_at timestamptz(3),
    created_at timestamptz(3) not null default now(),
    check (planned_end > planned_start),
    check (ended_at >= started_at),
    foreign key (organization_id, driver_id) references fleet.drivers (organization_id, id),
    foreign key (organization_id, vehicle_id) references fleet.vehicles (organization_id, id)
  );
  create index shifts_by_driver on fleet.shifts (driver_id, planned_start, id);
  create index shifts_by_vehicle on fleet.shifts (vehicle_id, planned_start, id);
  create index shifts_unended_by_driver on fleet.shifts (driver_id, planned_start)
    where ended_at is null;
  create index shifts_unended_by_vehicle on fleet.shifts (vehicle_id, planned_start)
    where ended_at is null;
  create index shifts_by_start on fleet.shifts (organization_id, planned_start)`;

const positionColumns = `
    organization_id uuid not null,
    recorded_at timestamptz(3) not null,
    received_at timestamptz(3) not null default now(),
    latitude double precision not null check (latitude between -90 and 90),
    longitude double precision not null check (longitude between -180 and 180),
    speed_meters_per_second real,
    heading_degrees real,
    accuracy_meters real,
    odometer_meters bigint,
    energy_level_ratio real`;

// No foreign key: the one writer checks the vehicle once for a batch of a thousand rows.
const positions = `
  create table fleet.positions (
    vehicle_id uuid not null,${positionColumns},
    primary key (vehicle_id, recorded_at)
  )`;

const latestPositions = `
  create table fleet.latest_positions (
    vehicle_id uuid primary key,${positionColumns},
    foreign key (organization_id, vehicle_id) references fleet.vehicles (organization_id, id)
  );
  create index latest_positions_by_place on fleet.latest_positions (organization_id, latitude, longitude)`;
