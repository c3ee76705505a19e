import { badInput } from '@quantumroute/ops/failures';
import { decodeId } from '@quantumroute/schema/ids';
import { isStorableText } from '@quantumroute/schema/text';

import type { OrderFilter } from '../storage/stores/order-queries.ts';
import type { RouteFilter } from '../storage/stores/route-queries.ts';
import type {
  OrderFilter as OrderFilterInput,
  RouteFilter as RouteFilterInput,
} from './schema-types.ts';

const MAX_SEARCH_LENGTH = 100;

/** Null when nothing can match, because the filter names a depot that cannot exist. */
export function orderFilterOf(filter: OrderFilterInput): OrderFilter | null {
  const { status, depotId, serviceDate, search } = filter;
  const depotUuid = depotId == null ? undefined : decodeId('depot', depotId);
  if (depotUuid === null) return null;
  if (serviceDate && serviceDate.from > serviceDate.to) {
    throw badInput(['filter', 'serviceDate'], 'serviceDate needs from to be no later than to');
  }
  return {
    ...(status == null ? {} : { statuses: status }),
    ...(depotUuid === undefined ? {} : { depotId: depotUuid }),
    ...(serviceDate == null ? {} : { serviceDates: serviceDate }),
    ...(search == null ? {} : { search: searchText(search) }),
  };
}

/** Null when nothing can match, because the filter names a depot that cannot exist. */
export function routeFilterOf({ depotId, date, status }: RouteFilterInput): RouteFilter | null {
  const depotUuid = depotId == null ? undefined : decodeId('depot', depotId);
  if (depotUuid === null) return null;
  return {
    serviceDate: date,
    ...(depotUuid === undefined ? {} : { depotId: depotUuid }),
    ...(status == null ? {} : { statuses: status }),
  };
}

/** Throws BAD_USER_INPUT for text that PostgreSQL cannot store and so cannot look for. */
export function storableText(argumentPath: readonly string[], text: string): string {
  if (isStorableText(text)) return text;
  throw badInput(argumentPath, `${argumentPath.at(-1)} has a NUL or half a surrogate pair`);
}

function searchText(search: string): string {
  const path = ['filter', 'search'];
  if (search.length > MAX_SEARCH_LENGTH) {
    throw badInput(path, `search needs at most ${MAX_SEARCH_LENGTH} characters`);
  }
  return storableText(path, search.trim());
}
