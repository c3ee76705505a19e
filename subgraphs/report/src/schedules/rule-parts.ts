/** What a rule may say. More often than hourly has no place here: minutes and seconds are single. */
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(?:HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  UNTIL: /^\d{8}T\d{6}Z$/,
  WKST: /^(?:MO|TU|WE|TH|FR|SA|SU)$/,
  BYSECOND: /^[0-5]?\d$/,
  BYMINUTE: /^[0-5]?\d$/,
  BYHOUR: listOf('[01]?\\d|2[0-3]'),
  BYDAY: listOf('(?:[+-]?(?:[1-9]|[1-4]\\d|5[0-3]))?(?:MO|TU|WE|TH|FR|SA|SU)'),
  BYMONTHDAY: listOf('[+-]?(?:[1-9]|[12]\\d|3[01])'),
  BYYEARDAY: listOf('[+-]?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  BYWEEKNO: listOf('[+-]?(?:[1-9]|[1-4]\\d|5[0-3])'),
  BYMONTH: listOf('[1-9]|1[0-2]'),
  BYSETPOS: listOf('[+-]?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
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
  const pattern = PARTS[name];
  if (pattern?.test(value) === true) return null;
  if (name === 'COUNT') return 'A schedule ends by UNTIL, not by COUNT';
  if (pattern === undefined) return `A rule has no part ${JSON.stringify(name.slice(0, 20))}`;
  if (name === 'FREQ') return 'FREQ needs HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY';
  if (name === 'UNTIL') return 'UNTIL needs an instant in UTC such as 20271231T230000Z';
  if (name === 'BYMINUTE' || name === 'BYSECOND') return `${name} needs one value from 0 to 59`;
  return `${name} cannot be ${JSON.stringify(value.slice(0, 40))}`;
}

function listOf(item: string): RegExp {
  return new RegExp(`^(?:${item})(?:,(?:${item}))*$`);
}
