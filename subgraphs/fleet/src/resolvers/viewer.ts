import { found } from './found.ts';
import type { ViewerResolvers } from './schema-types.ts';

export const Viewer: ViewerResolvers = {
  organization: async ({ organizationId }, _, { loaders }) =>
    found(await loaders.organization.load(organizationId), 'organization'),
  partner: ({ partnerId }, _, { loaders }) =>
    partnerId === null ? null : loaders.partner.load(partnerId),
  scopes: ({ scopes }) => [...scopes],
};
