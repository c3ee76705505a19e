import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';
import { z } from 'zod';

/** What the fields of an order may be. GraphQL has checked the types, this checks the values. */
const text = (maxLength: number, minLength = 0) =>
  z
    .string()
    .min(minLength, { error: `needs at least ${minLength} character` })
    .max(maxLength, { error: `needs at most ${maxLength} characters` })
    .refine(isStorableText, { error: 'has a NUL or half a surrogate pair' });

const number = (min: number, max: number) =>
  z
    .number({ error: `needs a number from ${min} to ${max}` })
    .min(min, { error: `needs at least ${min}` })
    .max(max, { error: `needs at most ${max}` });

const place = z.object({
  name: text(200).nullish(),
  addressLines: z.array(text(200, 1)).max(5, { error: 'needs at most 5 lines' }),
  postalCode: text(20).nullish(),
  countryCode: z.string().regex(/^[A-Z]{2}$/, { error: 'needs two capital letters (ISO 3166-1)' }),
  point: z.object({ latitude: number(-90, 90), longitude: number(-180, 180) }),
  instructions: text(1_000).nullish(),
});

const requirements = z
  .array(text(50, 1))
  .max(20, { error: 'needs at most 20 requirements' })
  .transform((words) => [...new Set(words)]);

const windows = z
  .array(
    z
      .object({ start: z.date(), end: z.date() })
      .refine(({ start, end }) => start < end, { error: 'needs a start before its end' }),
  )
  .max(3, { error: 'needs at most 3 windows' });

const parcel = z.object({
  reference: text(100, 1),
  quantity: number(1, 10_000),
  weightKg: number(0, 100_000),
  volumeM3: number(0, 1_000),
  barcode: text(100).nullish(),
});

// More than any vehicle takes, far less than the planner refuses to plan a day with.
const MAX_WEIGHT_KG = 1_000_000;

const parcels = z
  .array(parcel)
  .min(1, { error: 'needs at least one parcel' })
  .max(50, { error: 'needs at most 50 parcels' })
  .refine((all) => new Set(all.map(({ reference }) => reference)).size === all.length, {
    error: 'needs a reference of its own for each parcel',
  })
  .refine((all) => totalWeightKg(all) <= MAX_WEIGHT_KG, {
    error: `needs at most ${MAX_WEIGHT_KG} kg together`,
  });

function totalWeightKg(all: readonly z.output<typeof parcel>[]): number {
  return all.reduce((total, { quantity, weightKg }) => total + quantity * weightKg, 0);
}

const serviceSeconds = number(0, 14_400);

/** A visit that nobody has ordered yet, for slot offers. */
const possibleDelivery = z.object({
  depotId: z.string().nullish(),
  place,
  parcels,
  dates: z.object({ from: z.string(), to: z.string() }),
  windowMinutes: number(30, 480).refine(Number.isInteger, { error: 'needs a whole number' }),
  requirements,
  serviceSeconds,
});

const newOrder = z.object({
  externalReference: text(100, 1).nullish(),
  kind: z.enum(['DELIVERY', 'PICKUP']),
  depotId: z.string().nullish(),
  serviceDate: z.string(),
  place,
  windows,
  parcels,
  requirements,
  priority: number(0, 100),
  serviceSeconds,
  slotOfferToken: z.string().nullish(),
});

const orderChange = z.object({
  windows: windows.nullish(),
  priority: number(0, 100).nullish(),
  place: place.nullish(),
  requirements: requirements.nullish(),
});

export type NewOrderInput = z.output<typeof newOrder>;
export type OrderChangeInput = z.output<typeof orderChange>;
export type PossibleDeliveryInput = z.output<typeof possibleDelivery>;
export type PlaceInput = z.output<typeof place>;
export type WindowInput = z.output<typeof windows>[number];

type Checked<T> = { kind: 'valid'; value: T } | { kind: 'invalid'; userErrors: UserError[] };

/** `path` is where the order stands in the mutation's arguments. */
export function checkNewOrder(input: unknown, path: readonly string[]): Checked<NewOrderInput> {
  return checked(newOrder, input, path);
}

export function checkPossibleDelivery(
  input: unknown,
  path: readonly string[],
): Checked<PossibleDeliveryInput> {
  return checked(possibleDelivery, input, path);
}

export function checkOrderChange(
  input: unknown,
  path: readonly string[],
): Checked<OrderChangeInput> {
  return checked(orderChange, input, path);
}

/** A user error for each window that is not inside the day. */
export function checkWindowsInDay(
  requested: readonly WindowInput[],
  { day, path }: { day: { startMs: number; endMs: number }; path: readonly string[] },
): UserError[] {
  return requested.flatMap(({ start, end }, index) => {
    if (start.getTime() >= day.startMs && end.getTime() <= day.endMs) return [];
    const from = new Date(day.startMs).toISOString();
    const to = new Date(day.endMs).toISOString();
    const message = `needs to be inside the service date at the depot, ${from} to ${to}`;
    return [userError.invalid([...path, String(index)], message)];
  });
}

function checked<S extends z.ZodType>(
  schema: S,
  input: unknown,
  path: readonly string[],
): Checked<z.output<S>> {
  const result = schema.safeParse(input);
  if (result.success) return { kind: 'valid', value: result.data };
  return {
    kind: 'invalid',
    userErrors: result.error.issues.map((issue) => {
      const field = issue.path.map(String);
      return userError.invalid([...path, ...field], `${field.at(-1) ?? 'it'} ${issue.message}`);
    }),
  };
}
