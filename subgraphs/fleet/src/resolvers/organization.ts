import { encodeId } from '@quantumroute/schema/ids';
import { referenced } from './reference.ts';
import type { OrganizationResolvers } from './schema-types.ts';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { loaders }) => referenced('organization', id, loaders.organization),
  id: ({ id }) => encodeId('organization', id),
};
