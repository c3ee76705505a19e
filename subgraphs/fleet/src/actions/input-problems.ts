import type { InvalidInputError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';
import type { LoadCapacityInput } from '../resolvers/schema-types.ts';

const MAX_NAME_LENGTH = 120;
const MAX_PLATE_LENGTH = 20;
const MAX_CAPABILITIES = 20;
const MAX_KEY_LENGTH = 200;
const CAPABILITY = /^[a-z][a-z0-9_]{0,63}$/;
const CAPACITY_LIMITS = { weightKg: 100_000, volumeM3: 1_000, parcels: 100_000 } as const;

/** A plate as it is compared and stored: upper case, single spaces. */
export function normalizedPlate(plate: string): string {
  return plate.trim().replace(/\s+/g, ' ').toUpperCase();
}

/** Each capability once, in a stable order. */
export function normalizedCapabilities(capabilities: readonly string[] = []): string[] {
  return [...new Set(capabilities)].toSorted();
}

export function keyProblems(key: string): InvalidInputError[] {
  return textProblems(['input', 'idempotencyKey'], key, MAX_KEY_LENGTH);
}

export function nameProblems(name: string): InvalidInputError[] {
  return textProblems(['input', 'displayName'], name, MAX_NAME_LENGTH);
}

export function plateProblems(plate: string): InvalidInputError[] {
  return textProblems(['input', 'registrationPlate'], plate, MAX_PLATE_LENGTH);
}

export function capabilityProblems(capabilities: readonly string[] = []): InvalidInputError[] {
  const path = ['input', 'capabilities'];
  if (capabilities.length > MAX_CAPABILITIES) {
    return [userError.invalid(path, `Needs at most ${MAX_CAPABILITIES} capabilities`)];
  }
  return capabilities.flatMap((capability, index) =>
    CAPABILITY.test(capability)
      ? []
      : [
          userError.invalid(
            [...path, String(index)],
            'Needs up to 64 lower-case letters, digits and underscores, such as tail_lift',
          ),
        ],
  );
}

export function capacityProblems(capacity: LoadCapacityInput): InvalidInputError[] {
  return (['weightKg', 'volumeM3', 'parcels'] as const).flatMap((name) => {
    const value = capacity[name] ?? 0;
    const max = CAPACITY_LIMITS[name];
    if (value >= 0 && value <= max) return [];
    const path = ['input', 'capacity', name];
    return [userError.invalid(path, `Needs a number from 0 to ${max}, got ${value}`)];
  });
}

function textProblems(path: readonly string[], text: string, maxLength: number) {
  const fits = text.trim().length >= 1 && text.length <= maxLength;
  if (fits && isStorableText(text) && !/\p{Cc}/u.test(text)) return [];
  return [userError.invalid(path, `Needs 1 to ${maxLength} printable characters`)];
}
