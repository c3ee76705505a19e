import { badInput } from '@quantumroute/ops/failures';
import { decodeId } from '@quantumroute/schema/ids';
import { isStorableText } from '@quantumroute/schema/text';
import type { BoundingBoxInput } from '../resolvers/schema-types.ts';

import { isGiven } from './is-given.ts';

const MAX_SEARCH_LENGTH = 100;
const MAX_VALUES = 20;
const NO_DEPOT = '00000000-0000-0000-0000-000000000000';

/** The UUID to look for; null for no filter. A malformed id is the id of no depot. */
export function depotValue(id: string | null | undefined): string | null {
  return isGiven(id) ? (decodeId('depot', id) ?? NO_DEPOT) : null;
}

/** A part of a text; null for no filter. */
export function searchValue(search: string | null | undefined): string | null {
  if (!isGiven(search) || search === '') return null;
  if (search.length <= MAX_SEARCH_LENGTH && isStorableText(search)) return search;
  throw badInput(['filter', 'search'], `Needs at most ${MAX_SEARCH_LENGTH} storable characters`);
}

/** Capabilities to have; null for no filter. */
export function capabilitiesValue(values: readonly string[] | null | undefined) {
  if (!isGiven(values)) return null;
  if (values.length <= MAX_VALUES && values.every(isStorableText)) return values;
  throw badInput(['filter', 'capabilities'], `Needs at most ${MAX_VALUES} storable texts`);
}

/** An area; null for no filter. West is east of east in an area across the antimeridian. */
export function areaValue(box: BoundingBoxInput | null | undefined): BoundingBoxInput | null {
  if (!isGiven(box)) return null;
  for (const [side, limit] of SIDES) {
    if (Math.abs(box[side]) <= limit) continue;
    throw badInput(['filter', 'within', side], `Needs degrees from -${limit} to ${limit}`);
  }
  if (box.south <= box.north) return box;
  throw badInput(['filter', 'within', 'south'], 'Needs south to be south of north');
}

const SIDES = [
  ['south', 90],
  ['north', 90],
  ['west', 180],
  ['east', 180],
] as const;
