import { encodeId } from '@quantumroute/schema/ids';
import { referenced } from './reference.ts';
import type { PartnerResolvers } from './schema-types.ts';

export const Partner: PartnerResolvers = {
  __resolveReference: ({ id }, { loaders }) => referenced('partner', id, loaders.partner),
  id: ({ id }) => encodeId('partner', id),
};
