import { idempotent } from '@quantumroute/ops/idempotency';
import { userError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const MAX_KEY_LENGTH = 200;
const CONTROL = /\p{Cc}/u;

/**
 * Runs a mutation once per idempotency key, in one transaction. The same key and body again gives
 * the first value; a refusal stores nothing, so that its key can be used again.
 */
export async function once<T>(
  { em, identity }: RouteContext,
  call: { operation: string; key: string; keyPath: readonly string[]; body: unknown },
  work: (tx: EntityManager) => Promise<T>,
): Promise<Outcome<T>> {
  const { operation, key, keyPath, body } = call;
  return outcomeOf(async () => {
    if (key.length < 1 || key.length > MAX_KEY_LENGTH || !isPrintable(key)) {
      refuse(userError.invalid(keyPath, `A key needs 1 to ${MAX_KEY_LENGTH} printable characters`));
    }
    const result = await idempotent({ em, identity, operation, key, body }, work);
    if (result.kind === 'reused') refuse(userError.keyReused(keyPath));
    return result.value;
  });
}

function isPrintable(key: string): boolean {
  return isStorableText(key) && !CONTROL.test(key);
}
