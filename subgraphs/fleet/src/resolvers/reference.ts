import type { IdType } from '@quantumroute/schema/ids';
import { decodeId } from '@quantumroute/schema/ids';

type Loader<T> = { load(uuid: string): Promise<T | null> };

/** The object that a client's id names; null when it is malformed, foreign or unknown. */
export async function referenced<T>(type: IdType, id: string, loader: Loader<T>) {
  const uuid = decodeId(type, id);
  return uuid === null ? null : loader.load(uuid);
}
