import { boardCursor } from '../live/board-position.ts';
import type { Loaders } from '../loaders.ts';
import type { Change } from '../storage/stores/change-log.ts';
import type { BoardEventResolvers } from './schema-types.ts';

export const boardEvent: BoardEventResolvers = {
  cursor: ({ position }) => boardCursor.of(position),
  at: ({ position }) => new Date(position.atMs),
  change: ({ change }, _args, { loaders }) => change && present(change, loaders),
};

async function present({ kind, id }: Change, { orders, stops, routes, runs }: Loaders) {
  switch (kind) {
    case 'ORDER':
      return named('Order', await orders.load(id));
    case 'STOP':
      return named('Stop', await stops.load(id));
    case 'ROUTE':
      return named('Route', await routes.load(id));
    case 'RUN':
      return named('OptimizationRun', await runs.load(id));
  }
}

/** Its type, for the union. */
function named<Name extends string, Row extends object>(__typename: Name, row: Row | null) {
  return row && { ...row, __typename };
}
