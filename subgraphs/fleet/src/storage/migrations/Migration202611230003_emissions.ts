import { Migration } from '@mikro-orm/migrations';

/**
 * What a vehicle emits per kilometre: the consumption that its operator states, or else what such a
 * vehicle takes by default, times the factor of its energy. The one place with such figures; the
 * planner and the reports read them from `fleet_published.vehicles`.
 */
export class Migration202611230003_emissions extends Migration {
  override up(): void {
    this.addSql(energyCarriers);
    this.addSql(factors);
    this.addSql(defaultConsumptions);
    this.addSql(consumptions);
    this.addSql(vehicles);
    this.addSql(publishedVehicles);
    this.addSql(odometerReadings);
  }
}

const energyCarriers = `
  create table fleet.energy_carriers (
    energy_carrier text primary key,
    unit text not null check (unit in ('LITRE', 'KILOGRAM', 'KILOWATT_HOUR')),
    wtw_grams_co2e_per_unit double precision not null check (wtw_grams_co2e_per_unit >= 0),
    factor_set text not null
  )`;

/**
 * Well to wheels, the making of the fuel included.
 * - DIESEL, PETROL, CNG: EN 16258:2012, annex A, fuels without a biogenic part (ISO 14083:2023, which
 *   replaced it, leaves the choice of a factor to national or industry sets).
 * - HVO from used cooking oil: 16 g per MJ (default value of Directive (EU) 2018/2001, annex V) times
 *   34 MJ per litre (annex III). Made of palm oil it would be four times as much and more.
 * - ELECTRICITY: the European mix at the socket. Generation alone was 264 g in 2022 and 214 g in 2023
 *   (European Environment Agency); fuel supply and losses of the grid come on top. Rounded.
 * - HUMAN: muscles count as nothing, as is usual.
 */
const factors = `
  insert into fleet.energy_carriers (energy_carrier, unit, wtw_grams_co2e_per_unit, factor_set)
  values
    ('DIESEL', 'LITRE', 3240, 'EN 16258:2012'),
    ('PETROL', 'LITRE', 2880, 'EN 16258:2012'),
    ('CNG', 'KILOGRAM', 3070, 'EN 16258:2012'),
    ('HVO', 'LITRE', 544, 'Directive (EU) 2018/2001, used cooking oil'),
    ('ELECTRICITY', 'KILOWATT_HOUR', 300, 'EEA 2023, European mix with upstream'),
    ('HUMAN', 'KILOWATT_HOUR', 0, 'EN 16258:2012')`;

const defaultConsumptions = `
  create table fleet.default_consumptions (
    kind text not null
      check (kind in ('CARGO_BIKE', 'CAR', 'VAN', 'RIGID_TRUCK', 'ARTICULATED_TRUCK')),
    energy_carrier text not null references fleet.energy_carriers (energy_carrier),
    units_per_100_km double precision not null check (units_per_100_km >= 0),
    is_usual boolean not null default false,
    primary key (kind, energy_carrier)
  );
  create unique index default_consumptions_usual on fleet.default_consumptions (kind)
    where is_usual`;

// Round figures of what such a vehicle takes on delivery rounds, from no source but experience: good
// for comparing plans, not for an audit. What is not listed, no such vehicle runs on.
const consumptions = `
  insert into fleet.default_consumptions (kind, energy_carrier, units_per_100_km, is_usual)
  values
    ('CARGO_BIKE', 'ELECTRICITY', 2, true), ('CARGO_BIKE', 'HUMAN', 0, false),
    ('CAR', 'DIESEL', 6.5, true), ('CAR', 'PETROL', 7.5, false), ('CAR', 'CNG', 4.5, false),
    ('CAR', 'HVO', 6.8, false), ('CAR', 'ELECTRICITY', 18, false),
    ('VAN', 'DIESEL', 9, true), ('VAN', 'PETROL', 11, false), ('VAN', 'CNG', 8, false),
    ('VAN', 'HVO', 9.4, false), ('VAN', 'ELECTRICITY', 28, false),
    ('RIGID_TRUCK', 'DIESEL', 25, true), ('RIGID_TRUCK', 'CNG', 22, false),
    ('RIGID_TRUCK', 'HVO', 26, false), ('RIGID_TRUCK', 'ELECTRICITY', 90, false),
    ('ARTICULATED_TRUCK', 'DIESEL', 32, true), ('ARTICULATED_TRUCK', 'CNG', 27, false),
    ('ARTICULATED_TRUCK', 'HVO', 33, false), ('ARTICULATED_TRUCK', 'ELECTRICITY', 125, false)`;

// Nothing stated: what is usual for the kind. A consumption means nothing without what is consumed.
const vehicles = `
  alter table fleet.vehicles
    add column energy_carrier text,
    add column consumption_per_100_km double precision
      check (consumption_per_100_km between 0 and 1000),
    add constraint vehicles_consumption_of_something
      check (consumption_per_100_km is null or energy_carrier is not null),
    add constraint vehicles_energy_of_kind foreign key (kind, energy_carrier)
      references fleet.default_consumptions (kind, energy_carrier)`;

const publishedVehicles = `
  create or replace view fleet_published.vehicles as
    select
      vehicle.id, vehicle.organization_id, vehicle.home_depot_id, vehicle.display_name,
      vehicle.registration_plate, vehicle.kind, vehicle.status, vehicle.capabilities,
      vehicle.capacity_weight_kg, vehicle.capacity_volume_m3, vehicle.capacity_parcels,
      coalesce(vehicle.cost_per_km, 0) as cost_per_km,
      coalesce(vehicle.cost_per_hour, 0) as cost_per_hour,
      coalesce(vehicle.cost_fixed_per_day, 0) as cost_fixed_per_day,
      energy.energy_carrier,
      coalesce(vehicle.consumption_per_100_km, usual.units_per_100_km) / 100
        * energy.wtw_grams_co2e_per_unit as wtw_grams_co2e_per_km,
      case when vehicle.consumption_per_100_km is null then 'DEFAULT' else 'MODELED' end
        as emission_data_quality,
      energy.factor_set
    from fleet.vehicles vehicle
    join fleet.default_consumptions usual on usual.kind = vehicle.kind
      and (usual.energy_carrier = vehicle.energy_carrier
        or (vehicle.energy_carrier is null and usual.is_usual))
    join fleet.energy_carriers energy on energy.energy_carrier = usual.energy_carrier`;

// Many trackers report no odometer: without them the last reading before an instant is one step away.
const odometerReadings = `
  create index positions_with_odometer on fleet.positions (vehicle_id, recorded_at)
    include (organization_id, odometer_meters) where odometer_meters is not null;
  create view fleet_published.odometer_readings as
    select vehicle_id, organization_id, recorded_at, odometer_meters
    from fleet.positions where odometer_meters is not null`;
