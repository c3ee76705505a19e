import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';

import { daysIn } from '../figures/period.ts';
import type { ReportRequestInput } from '../resolvers/schema-types.ts';
import type { Viewer } from '../storage/report-queries.ts';
import type { Contents } from './check-contents.ts';
import { checkContents } from './check-contents.ts';

const MAX_DAYS = 366;
const MAX_KEY_LENGTH = 200;
const DEFAULT_STALENESS_SECONDS = 300;
const MAX_STALENESS_SECONDS = 86_400;

export type CheckedRequest = Contents & { readonly maxStalenessSeconds: number };

/** What can be said about a request without looking anything up: all its mistakes at once. */
export function checkRequest(
  input: ReportRequestInput,
  viewer: Viewer,
): { checked: CheckedRequest } | { userErrors: UserError[] } {
  const read = checkContents(input, viewer);
  const userErrors = [
    ...keyErrors(input),
    ...periodErrors(input),
    ...stalenessErrors(input),
    ...('userErrors' in read ? read.userErrors : []),
  ];
  if (userErrors.length > 0 || 'userErrors' in read) return { userErrors };
  const { maxStalenessSeconds = DEFAULT_STALENESS_SECONDS } = input;
  return { checked: { ...read.contents, maxStalenessSeconds } };
}

/** What is wrong with a key. */
export function keyErrors({ idempotencyKey: key }: { idempotencyKey: string }): UserError[] {
  const usable =
    key.length >= 1 && key.length <= MAX_KEY_LENGTH && isStorableText(key) && !/\p{Cc}/u.test(key);
  const message = `A key needs 1 to ${MAX_KEY_LENGTH} printable characters`;
  return usable ? [] : [userError.invalid(['input', 'idempotencyKey'], message)];
}

function periodErrors({ period }: ReportRequestInput): UserError[] {
  const days = daysIn(period);
  if (days < 1) {
    return [userError.invalid(['input', 'period', 'to'], 'The period ends before it starts')];
  }
  if (days <= MAX_DAYS) return [];
  const message = `A report covers at most ${MAX_DAYS} days, got ${days}`;
  return [userError.invalid(['input', 'period', 'to'], message)];
}

function stalenessErrors({ maxStalenessSeconds: seconds }: ReportRequestInput): UserError[] {
  if (seconds === undefined || (seconds >= 0 && seconds <= MAX_STALENESS_SECONDS)) return [];
  const message = `Needs 0 to ${MAX_STALENESS_SECONDS} seconds, got ${seconds}`;
  return [userError.invalid(['input', 'maxStalenessSeconds'], message)];
}
