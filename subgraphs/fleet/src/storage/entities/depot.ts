import { defineEntity, p } from '@mikro-orm/core';

const DepotSchema = defineEntity({
  name: 'Depot',
  schema: 'fleet',
  tableName: 'depots',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    code: p.text(),
    name: p.text(),
    latitude: p.double().$type<number>(),
    longitude: p.double().$type<number>(),
    timeZone: p.text(),
  },
});

export class Depot extends DepotSchema.class {}
DepotSchema.setClass(Depot);
