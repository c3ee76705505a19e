import { defineEntity, p } from '@mikro-orm/core';

const PartnerApiKeySchema = defineEntity({
  name: 'PartnerApiKey',
  schema: 'fleet',
  tableName: 'partner_api_keys',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    partnerId: p.uuid(),
    /** Hex. The key itself is stored nowhere. */
    sha256: p.text(),
    client: p.text(),
    scopes: p.array(),
    revokedAt: p.datetime().nullable(),
  },
});

export class PartnerApiKey extends PartnerApiKeySchema.class {}
PartnerApiKeySchema.setClass(PartnerApiKey);
