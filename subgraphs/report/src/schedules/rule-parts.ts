/** What a rule may say, and how that is told to whoever said something else. */
type Part = { readonly pattern: RegExp; readonly needs: string };

/** More often than hourly has no place here: minutes and seconds are single. */
const PARTS: Readonly<Record<string, Part>> = {
  FREQ: {
    pattern: /^(?:HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
    needs: 'HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY',
  },
  INTERVAL: { pattern: /^[1-9]\d{0,2}$/, needs: 'one number from 1 to 999' },
  UNTIL: { pattern: /^\d{8}T\d{6}Z$/, needs: 'an instant in UTC such as 20271231T230000Z' },
  WKST: { pattern: /^(?:MO|TU|WE|TH|FR|SA|SU)$/, needs: 'one day such as MO' },
  BYSECOND: { pattern: /^[0-5]?\d$/, needs: 'one value from 0 to 59' },
  BYMINUTE: { pattern: /^[0-5]?\d$/, needs: 'one value from 0 to 59' },
  BYHOUR: { pattern: listOf('[01]?\\d|2[0-3]'), needs: 'hours from 0 to 23' },
  BYDAY: {
    pattern: listOf('(?:[+-]?(?:[1-9]|[1-4]\\d|5[0-3]))?(?:MO|TU|WE|TH|FR|SA|SU)'),
    needs: 'days such as MO,WE or -1FR',
  },
  BYMONTHDAY: {
    pattern: listOf('[+-]?(?:[1-9]|[12]\\d|3[01])'),
    needs: 'days from 1 to 31, or -1 to -31 from the end of the month',
  },
  BYYEARDAY: {
    pattern: listOf('[+-]?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
    needs: 'days from 1 to 366, or -1 to -366 from the end of the year',
  },
  BYWEEKNO: {
    pattern: listOf('[+-]?(?:[1-9]|[1-4]\\d|5[0-3])'),
    needs: 'weeks from 1 to 53, or -1 to -53 from the end of the year',
  },
  BYMONTH: { pattern: listOf('[1-9]|1[0-2]'), needs: 'months from 1 to 12' },
  BYSETPOS: {
    pattern: listOf('[+-]?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
    needs: 'places from 1 to 366, or -1 to -366 from the end',
  },
};

const MAX_LENGTH = 300;
/** Lists multiply: a rule of every hour of every day of every month is FREQ=HOURLY. */
const MAX_COMBINATIONS = 200;

/** The rule in capitals, or what is wrong with one of its parts. */
export function readRuleParts(text: string): { rrule: string } | { problem: string } {
  const rrule = text.trim().toUpperCase();
  if (rrule.length > MAX_LENGTH) return { problem: `A rule has at most ${MAX_LENGTH} characters` };
  const parts = rrule.split(';').map((part) => part.split('='));
  const seen = new Set<string>();
  let combinations = 1;
  for (const [name = '', value = '', ...more] of parts) {
    const problem = more.length > 0 ? `${name} has two values` : partProblem(name, value);
    if (problem !== null) return { problem };
    if (seen.has(name)) return { problem: `${name} is there twice` };
    seen.add(name);
    if (name.startsWith('BY') && name !== 'BYSETPOS') combinations *= value.split(',').length;
  }
  if (!seen.has('FREQ')) return { problem: 'A rule needs FREQ' };
  if (combinations <= MAX_COMBINATIONS) return { rrule };
  return {
    problem: `The lists of a rule multiply to at most ${MAX_COMBINATIONS}, got ${combinations}`,
  };
}

function partProblem(name: string, value: string): string | null {
  const part = PARTS[name];
  if (part?.pattern.test(value) === true) return null;
  if (name === 'COUNT') return 'A schedule ends by UNTIL, not by COUNT';
  if (part !== undefined) return `${name} needs ${part.needs}, got ${quoted(value)}`;
  return `A rule has no part ${quoted(name)}; one reads such as FREQ=WEEKLY;BYDAY=MO;BYHOUR=8`;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));

function listOf(item: string): RegExp {
  return new RegExp(`^(?:${item})(?:,(?:${item}))*$`);
}
