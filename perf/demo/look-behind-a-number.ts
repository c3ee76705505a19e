import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Answers, EvidenceStop } from './answers.ts';
import type { DemoClient } from './client.ts';
import { daysBefore, type DepotDay } from './depot-day.ts';
import { printCost, printFact, printStep } from './print.ts';

/** The stops behind a number, worst first; the worst was reported wrong, and its day is restated. */
export async function lookBehindANumber(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  printStep('The stops behind a number, worst first');
  const day = { ...depot, date: daysBefore(depot.date, DAYS_AGO) };
  const before = await onTimeOf(dispatcher, day);
  printCost('OnTimeEvidence', before.cost);
  printNumber(before, day);
  const late = before.stops.filter(isLate);
  for (const stop of late.slice(0, SHOWN)) printStop(stop, day);
  printStep('The worst was there in time, only the clock of its tablet was wrong: it is corrected');
  const [worst] = late;
  if (!worst) return printFact('nobody was late on that day');
  await correct(dispatcher, worst);
  const after = await restated(dispatcher, day, before);
  printCost('OnTimeEvidence', after.cost);
  printNumber(after, day);
  const days = after.restatedDays.join(', ') || 'none';
  printFact(`restated days of the period: ${days}`);
}

const DAYS_AGO = 3;
const SHOWN = 3;

type LateStop = EvidenceStop & {
  window: { start: string; end: string };
  actual: { arrival: string; departure: string };
};

const isLate = (stop: EvidenceStop): stop is LateStop =>
  stop.status === 'COMPLETED' &&
  stop.punctuality === 'LATE' &&
  stop.window !== null &&
  stop.actual?.arrival != null &&
  stop.actual.departure !== null;

type OnTime = Awaited<ReturnType<typeof onTimeOf>>;

async function onTimeOf(dispatcher: DemoClient, day: DepotDay) {
  const { data, cost } = await dispatcher.run('OnTimeEvidence', {
    depotId: day.id,
    period: { from: day.date, to: day.date },
    first: 20,
  });
  const { onTime, restatedDays }: Answers['OnTimeEvidence']['kpis'] = data.kpis;
  const stops = onTime.evidence.nodes.filter((stop) => stop !== null);
  return { ...onTime, restatedDays, stops, cost };
}

async function correct(dispatcher: DemoClient, stop: LateStop): Promise<void> {
  const spent = Date.parse(stop.actual.departure) - Date.parse(stop.actual.arrival);
  const arrivedAt = Date.parse(stop.window.end) - MINUTE_MS;
  const { data, cost } = await dispatcher.run('StopCorrect', {
    id: stop.id,
    expectedVersion: stop.version,
    input: {
      idempotencyKey: randomUUID(),
      arrivedAt: new Date(arrivedAt).toISOString(),
      departedAt: new Date(arrivedAt + spent).toISOString(),
      note: 'The clock of the tablet was wrong',
    },
  });
  printCost('StopCorrect', cost);
  printFact(`stop ${stop.sequence}: LATE → ${data.stopCorrect.stop.punctuality}`);
}

const MINUTE_MS = 60_000;

/** Asks until the day is summed again; an answer with stops is cached for five seconds. */
async function restated(dispatcher: DemoClient, day: DepotDay, before: OnTime): Promise<OnTime> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    await sleep(1_500);
    const now = await onTimeOf(dispatcher, day);
    if (now.numerator !== before.numerator) return now;
    if (Date.now() > deadline) throw new Error('the corrected stop is not in the number yet');
  }
}

const PATIENCE_MS = 20_000;

function printNumber({ value, numerator, denominator }: OnTime, { date }: DepotDay): void {
  const ratio = value === null ? 'nothing to measure' : `${(value * 100).toFixed(2)} %`;
  printFact(`on time on ${date}: ${ratio} (${numerator} of ${denominator} stops)`);
}

function printStop({ sequence, window, actual }: LateStop, { timeZone }: DepotDay): void {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' });
  const [start, end, arrival] = [window.start, window.end, actual.arrival].map((instant) =>
    clock.format(new Date(instant)),
  );
  const late = Math.round((Date.parse(actual.arrival) - Date.parse(window.end)) / MINUTE_MS);
  printFact(`stop ${sequence}: promised ${start}–${end}, there at ${arrival}, ${late} min late`);
}
