import { defineEntity, p } from '@mikro-orm/core';

const DriverSchema = defineEntity({
  name: 'Driver',
  schema: 'fleet',
  tableName: 'drivers',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    version: p.integer().version(),
    displayName: p.text(),
    phone: p.text().nullable(),
    dutyStatus: p.enum(['OFF_DUTY', 'ON_DUTY', 'DRIVING', 'ON_BREAK'] as const),
    /** The driver's clock when the present status was last reported; null until the first report. */
    dutyChangedAt: p.datetime().nullable(),
    skills: p.array(),
    homeDepotId: p.uuid(),
    updatedAt: p
      .datetime()
      .onUpdate(() => new Date())
      .onCreate(() => new Date()),
  },
});

export class Driver extends DriverSchema.class {}
DriverSchema.setClass(Driver);
