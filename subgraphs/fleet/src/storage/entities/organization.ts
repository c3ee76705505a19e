import { defineEntity, p } from '@mikro-orm/core';

const OrganizationSchema = defineEntity({
  name: 'Organization',
  schema: 'fleet',
  tableName: 'organizations',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    timeZone: p.text(),
    currency: p.text(),
    staleAfterSeconds: p.integer(),
  },
});

export class Organization extends OrganizationSchema.class {}
OrganizationSchema.setClass(Organization);
