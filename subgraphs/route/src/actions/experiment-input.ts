import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';
import { z } from 'zod';

import { ALGORITHMS } from '../planning/algorithms.ts';
import { EXPERIMENT_UNITS } from '../storage/entities/experiment.ts';

const key = z
  .string()
  .regex(/^[a-z0-9-]{1,60}$/, { error: 'needs 1 to 60 of a to z, 0 to 9 and -' });

const variant = z.object({
  key,
  algorithm: z.enum(ALGORITHMS, { error: `needs one of ${ALGORITHMS.join(', ')}` }),
  weight: z
    .number()
    .min(1, { error: 'needs at least 1' })
    .max(1_000, { error: 'needs at most 1000' }),
  isControl: z.boolean(),
});

const variants = z
  .array(variant)
  .min(2, { error: 'needs at least 2 variants' })
  .max(5, { error: 'needs at most 5 variants' })
  .refine((all) => new Set(all.map((each) => each.key)).size === all.length, {
    error: 'needs a key of its own for each variant',
  })
  .refine((all) => all.filter(({ isControl }) => isControl).length === 1, {
    error: 'needs exactly one control',
  });

const newExperiment = z.object({
  key,
  hypothesis: z
    .string()
    .trim()
    .min(1, { error: 'needs at least 1 character' })
    .max(2_000, { error: 'needs at most 2000 characters' })
    .refine(isStorableText, { error: 'has a NUL or half a surrogate pair' }),
  unit: z.enum(EXPERIMENT_UNITS),
  variants,
  depotIds: z.array(z.string()).max(20, { error: 'needs at most 20 depots' }),
});

export type NewExperimentInput = z.output<typeof newExperiment>;

/** Every flaw with its path; GraphQL has checked the types, this checks the values. */
export function checkNewExperiment(
  input: unknown,
): { kind: 'valid'; value: NewExperimentInput } | { kind: 'invalid'; userErrors: UserError[] } {
  const result = newExperiment.safeParse(input);
  if (result.success) return { kind: 'valid', value: result.data };
  const userErrors = result.error.issues.map((issue) => {
    const field = issue.path.map(String);
    return userError.invalid(['input', ...field], `${field.at(-1) ?? 'it'} ${issue.message}`);
  });
  return { kind: 'invalid', userErrors };
}
