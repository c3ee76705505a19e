import { defineEntity, p } from '@mikro-orm/core';

const PartnerSchema = defineEntity({
  name: 'Partner',
  schema: 'fleet',
  tableName: 'partners',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    name: p.text(),
  },
});

export class Partner extends PartnerSchema.class {}
PartnerSchema.setClass(Partner);
