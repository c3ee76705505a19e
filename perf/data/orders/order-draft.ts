import { addDays, instantAt } from '../calendar.ts';
import type { Day, Instant } from '../calendar.ts';
import type { DepotPlan } from '../fleet/plan.ts';
import type { Random } from '../random.ts';
import { hex, sortableId } from '../sortable-id.ts';
import type { Address } from './addresses.ts';
import type { Goods } from './goods.ts';

/** An instant interval, half-open. */
export type Window = { start: Instant; end: Instant };

/** An order before anybody has planned it. */
export type OrderDraft = {
  id: string;
  depot: DepotPlan;
  day: Day;
  /** From 0, unique in the depot's day. */
  sequence: number;
  trackingNumber: string;
  trackingToken: string;
  externalReference: string | null;
  kind: 'DELIVERY' | 'PICKUP';
  address: Address;
  goods: Goods;
  windows: Window[];
  priority: number;
  serviceSeconds: number;
  createdAt: Instant;
};

type OrderOf = {
  depot: DepotPlan;
  day: Day;
  sequence: number;
  address: Address;
  goods: Goods;
  windows: Window[];
  serviceSeconds: number;
};

/** An order that came in on the day before, with numbers and an id that follow from the random. */
export function draftOrder(random: Random, of: OrderOf): OrderDraft {
  const { depot, day, sequence, goods } = of;
  const code = day.slice(2).replaceAll('-', '');
  const number = `${depot.number.toString(36)}${sequence.toString(36).padStart(3, '0')}`;
  const createdAt = instantAt(addDays(day, -1), random.between(7, 21) * 60, depot.timeZone);
  return {
    id: sortableId(random, Math.floor(createdAt)),
    ...of,
    trackingNumber: `${depot.organization.prefix}${code}${number}`.toUpperCase(),
    trackingToken: `${hex(random, 8)}${hex(random, 8)}${hex(random, 8)}${hex(random, 8)}`,
    externalReference: goods.partner
      ? `${goods.partner.prefix}-${code}-${number}`.toUpperCase()
      : null,
    kind: random.chance(0.04) ? 'PICKUP' : 'DELIVERY',
    priority: random.chance(0.08) ? random.integer(70, 95) : 50,
    createdAt: Math.floor(createdAt),
  };
}
