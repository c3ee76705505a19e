import type { SlotOfferResolvers } from './schema-types.ts';

export const slotOffer: SlotOfferResolvers = {
  window: ({ windowStartMs, windowEndMs }) => ({
    start: new Date(windowStartMs),
    end: new Date(windowEndMs),
  }),
  marginalCost: ({ marginalCost, currency }) => ({ amount: marginalCost.toFixed(2), currency }),
};
