import { defineEntity, p } from '@mikro-orm/core';

const ShiftSchema = defineEntity({
  name: 'Shift',
  schema: 'fleet',
  tableName: 'shifts',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    driverId: p.uuid(),
    vehicleId: p.uuid().nullable(),
    plannedStart: p.datetime(),
    plannedEnd: p.datetime(),
    startedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
  },
});

export class Shift extends ShiftSchema.class {}
ShiftSchema.setClass(Shift);
