import { defineEntity, p } from '@mikro-orm/core';

const VehicleSchema = defineEntity({
  name: 'Vehicle',
  schema: 'fleet',
  tableName: 'vehicles',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    version: p.integer().version(),
    displayName: p.text(),
    registrationPlate: p.text(),
    kind: p.enum(['CARGO_BIKE', 'CAR', 'VAN', 'RIGID_TRUCK', 'ARTICULATED_TRUCK'] as const),
    status: p.enum(['AVAILABLE', 'IN_MAINTENANCE', 'OUT_OF_SERVICE', 'RETIRED'] as const),
    homeDepotId: p.uuid(),
    capacityWeightKg: p.double().$type<number>(),
    capacityVolumeM3: p.double().$type<number>().fieldName('capacity_volume_m3'),
    capacityParcels: p.integer().nullable(),
    capabilities: p.array(),
    /** Exact decimals in the organization's currency; all three are known or none is. */
    costPerKm: p.decimal().$type<string>().nullable(),
    costPerHour: p.decimal().$type<string>().nullable(),
    costFixedPerDay: p.decimal().$type<string>().nullable(),
    /** Null when nobody has stated it: what is usual for the kind. */
    energyCarrier: p
      .enum(['DIESEL', 'PETROL', 'CNG', 'HVO', 'ELECTRICITY', 'HUMAN'] as const)
      .nullable(),
    consumptionPer100Km: p.double().$type<number>().fieldName('consumption_per_100_km').nullable(),
    updatedAt: p
      .datetime()
      .onUpdate(() => new Date())
      .onCreate(() => new Date()),
  },
});

export class Vehicle extends VehicleSchema.class {}
VehicleSchema.setClass(Vehicle);
