import type { DisplacementResolvers } from './schema-types.ts';

export const displacement: DisplacementResolvers = {
  vehicle: ({ vehicleId }) => ({ vehicleId }),
  async orders({ orderIds }, _args, { loaders }) {
    const orders = await Promise.all(orderIds.map((id) => loaders.orders.load(id)));
    return orders.filter((order) => order !== null);
  },
};
