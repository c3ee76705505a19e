import { badInput } from '@quantumroute/ops/failures';
import { decodeCursor, encodeCursor } from '@quantumroute/schema/cursor';
import type { CursorPart } from '@quantumroute/schema/cursor';
import { isUuid } from '@quantumroute/schema/ids';

import type { OrderEvent } from './storage/entities/order-event.ts';
import type { Order } from './storage/entities/order.ts';
import type { Route } from './storage/entities/route.ts';
import type { Stop } from './storage/entities/stop.ts';
import type { OrderEventKey } from './storage/stores/order-event-queries.ts';
import type { OrderListKey, UnassignedKey } from './storage/stores/order-queries.ts';
import type { RouteListKey } from './storage/stores/route-queries.ts';

/** A list's cursor and its sort key. `read` throws BAD_USER_INPUT for a cursor of anything else. */
export type Cursor<Row, Key> = {
  of(row: Row): string;
  read(after: string | null): Key | null;
};

export const orderListCursor = cursor<Order, OrderListKey>(
  ({ createdAt, id }) => [createdAt.getTime(), id],
  ([time, id]) => (isTime(time) && isId(id) ? { createdAt: new Date(time), id } : null),
);

export const unassignedCursor = cursor<Order, UnassignedKey>(
  ({ priority, id }) => [priority, id],
  ([priority, id]) => (isInteger(priority) && isId(id) ? { priority, id } : null),
);

export const routeListCursor = cursor<Route, RouteListKey>(
  ({ vehicleName, id }) => [vehicleName, id],
  ([vehicleName, id]) => (typeof vehicleName === 'string' && isId(id) ? { vehicleName, id } : null),
);

export const stopCursor = cursor<Stop, { sequence: number }>(
  ({ sequence }) => [sequence],
  ([sequence]) => (isInteger(sequence) ? { sequence } : null),
);

export const orderEventCursor = cursor<OrderEvent, OrderEventKey>(
  ({ occurredAt, id }) => [occurredAt.getTime(), id],
  ([time, id]) => (isTime(time) && isId(id) ? { occurredAt: new Date(time), id } : null),
);

/** Makes a cursor of the parts of a sort key. */
export function cursor<Row, Key>(
  partsOf: (row: Row) => CursorPart[],
  keyOf: (parts: readonly CursorPart[]) => Key | null,
): Cursor<Row, Key> {
  return {
    of: (row) => encodeCursor(partsOf(row)),
    read: (after) => {
      if (after === null) return null;
      const parts = decodeCursor(after);
      const key = parts === null ? null : keyOf(parts);
      if (key === null)
        throw badInput(['after'], 'after needs the endCursor of a page of this list');
      return key;
    },
  };
}

function isId(part: CursorPart | undefined): part is string {
  return typeof part === 'string' && isUuid(part);
}

function isInteger(part: CursorPart | undefined): part is number {
  return typeof part === 'number' && Number.isInteger(part) && Math.abs(part) < 2 ** 31;
}

// PostgreSQL and JavaScript spell the years before 1 and after 9999 differently.
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

function isTime(part: CursorPart | undefined): part is number {
  return typeof part === 'number' && part >= EARLIEST_MS && part <= LATEST_MS;
}
