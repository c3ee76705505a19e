import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';

import type { Recurrence } from '../schedules/recurrence.ts';
import { nextOccurrence } from '../schedules/recurrence.ts';
import { readRuleParts } from '../schedules/rule-parts.ts';
import type { SchedulePeriod } from '../storage/schedule-entity.ts';
import type { Viewer } from '../storage/report-queries.ts';
import type { Contents, ContentsInput } from './check-contents.ts';
import { checkContents } from './check-contents.ts';

/** Everything that a schedule says, with its defaults filled in. */
export type ScheduleInput = ContentsInput & {
  readonly name: string;
  readonly period: SchedulePeriod;
  readonly rrule: string;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly isPaused: boolean;
};

export type CheckedSchedule = Contents & {
  readonly name: string;
  readonly period: SchedulePeriod;
  readonly recurrence: Recurrence;
  /** Null while it is paused. */
  readonly nextRunAt: Date | null;
};

const MAX_NAME_LENGTH = 120;
const EARLIEST_START = Date.parse('2000-01-01T00:00:00Z');
const LATEST_START = Date.parse('2100-01-01T00:00:00Z');

/** What can be said about a schedule without looking anything up: all its mistakes at once. */
export function checkSchedule(
  input: ScheduleInput,
  viewer: Viewer,
  now: Date,
): { checked: CheckedSchedule } | { userErrors: UserError[] } {
  const read = checkContents(input, viewer);
  const rule = readRule(
    input,
    'contents' in read ? read.contents.presentation.timeZone : null,
    now,
  );
  const userErrors = [
    ...nameErrors(input.name),
    ...startErrors(input.startsAt),
    ...('userErrors' in read ? read.userErrors : []),
    ...('problem' in rule ? [userError.invalid(['input', 'rrule'], rule.problem)] : []),
  ];
  if (userErrors.length > 0 || 'userErrors' in read || 'problem' in rule) return { userErrors };
  const { recurrence, next } = rule;
  const { period, isPaused } = input;
  const name = input.name.trim();
  const nextRunAt = isPaused ? null : next;
  return { checked: { ...read.contents, name, period, recurrence, nextRunAt } };
}

/** Without a known zone only the parts of the rule can be told to be wrong. */
function readRule(
  input: ScheduleInput,
  timeZone: string | null,
  now: Date,
): { recurrence: Recurrence; next: Date } | { problem: string } {
  const parts = readRuleParts(input.rrule);
  if ('problem' in parts) return parts;
  const { startsAt } = input;
  const recurrence = { rrule: parts.rrule, timeZone: timeZone ?? 'UTC', startsAt };
  if (startErrors(startsAt).length > 0) return { recurrence, next: now };
  try {
    const next = nextOccurrence(recurrence, now);
    if (next === null) return { problem: 'The rule occurs no more: UNTIL is over' };
    return { recurrence, next: next.at };
  } catch (error) {
    if (error instanceof RangeError) return { problem: error.message };
    throw error;
  }
}

function nameErrors(name: string): UserError[] {
  const trimmed = name.trim();
  const usable =
    trimmed.length >= 1 &&
    trimmed.length <= MAX_NAME_LENGTH &&
    isStorableText(trimmed) &&
    !/\p{Cc}/u.test(trimmed);
  const message = `A name needs 1 to ${MAX_NAME_LENGTH} printable characters`;
  return usable ? [] : [userError.invalid(['input', 'name'], message)];
}

function startErrors(startsAt: Date): UserError[] {
  const epochMs = startsAt.getTime();
  if (epochMs >= EARLIEST_START && epochMs < LATEST_START) return [];
  return [userError.invalid(['input', 'startsAt'], 'A start lies in the years 2000 to 2099')];
}
