import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readRuleParts } from './rule-parts.ts';

function problemOf(rrule: string): string | null {
  const read = readRuleParts(rrule);
  return 'problem' in read ? read.problem : null;
}

test('rules are read whatever their case', () => {
  assert.deepEqual(readRuleParts(' freq=weekly;byday=mo,-1fr;byhour=8 '), {
    rrule: 'FREQ=WEEKLY;BYDAY=MO,-1FR;BYHOUR=8',
  });
});

test('what occurs more often than hourly is refused', () => {
  assert.match(problemOf('FREQ=MINUTELY') ?? '', /FREQ needs HOURLY/);
  assert.match(problemOf('FREQ=SECONDLY') ?? '', /FREQ needs HOURLY/);
  assert.match(problemOf('FREQ=HOURLY;BYMINUTE=0,30') ?? '', /BYMINUTE needs one value/);
  assert.match(problemOf('FREQ=DAILY;BYSECOND=0,1') ?? '', /BYSECOND needs one value/);
});

test('malformed rules are refused with the part that is wrong', () => {
  const cases: Record<string, RegExp> = {
    '': /no part ""/,
    nonsense: /no part "NONSENSE"/,
    'BYDAY=MO': /needs FREQ/,
    'FREQ=DAILY;FREQ=HOURLY': /twice/,
    'FREQ=DAILY=HOURLY': /two values/,
    'FREQ=DAILY;INTERVAL=0': /INTERVAL needs one number from 1 to 999, got "0"/,
    'FREQ=DAILY;INTERVAL=1000': /INTERVAL/,
    'FREQ=DAILY;BYHOUR=24': /BYHOUR/,
    'FREQ=MONTHLY;BYMONTHDAY=32': /BYMONTHDAY/,
    'FREQ=MONTHLY;BYMONTHDAY=0': /BYMONTHDAY/,
    'FREQ=YEARLY;BYMONTH=13': /BYMONTH/,
    'FREQ=WEEKLY;BYDAY=MON': /BYDAY needs days such as MO,WE or -1FR, got "MON"/,
    'RRULE:FREQ=WEEKLY': /no part "RRULE:FREQ"; one reads such as FREQ=WEEKLY/,
    'FREQ=DAILY;COUNT=3': /UNTIL, not by COUNT/,
    'FREQ=DAILY;UNTIL=20270101': /instant in UTC/,
    'RSCALE=HEBREW;FREQ=YEARLY': /no part "RSCALE"/,
    'FREQ=DAILY\nRDATE:20260101T000000Z': /FREQ needs/,
    'FREQ=DAILY;': /no part ""/,
  };
  for (const [rrule, expected] of Object.entries(cases)) {
    assert.match(problemOf(rrule) ?? 'nothing', expected, rrule);
  }
});

test('a rule that would take long to follow is refused', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => hour).join(',');
  const days = Array.from({ length: 31 }, (_, day) => day + 1).join(',');
  assert.match(problemOf(`FREQ=YEARLY;BYHOUR=${hours};BYMONTHDAY=${days}`) ?? '', /multiply/);
  assert.match(problemOf(`FREQ=YEARLY;BYHOUR=${'1,'.repeat(200)}1`) ?? '', /characters/);
});
