import type { ReportResult, Total } from './answers.ts';
import type { DemoClient } from './client.ts';
import { printCost, printFact, printStep } from './print.ts';
import type { DoneReports } from './request-reports.ts';

/** What the reports say, and their files. */
export async function showReports(dispatcher: DemoClient, reports: DoneReports): Promise<void> {
  printStep('What came of them: every stop on its own');
  const stops = await resultOf(dispatcher, reports.stopByStop);
  printTotals(stops, ['stops', 'onTime', 'inFull', 'otif', 'firstAttempt', 'dwellP90']);
  printFiles(stops);
  printStep(
    'The scorecard: the best drivers of the depot, adjusted for how hard their routes were',
  );
  const scorecard = await resultOf(dispatcher, reports.scorecard);
  printDrivers(scorecard);
  printFiles(scorecard);
  printStep('Emissions, calculated following GLEC');
  const emissions = await resultOf(dispatcher, reports.emissions);
  printTotals(emissions, ['co2e', 'transportActivity', 'co2eIntensity', 'emptyShare']);
  printDataQuality(emissions);
  printFiles(emissions);
}

async function resultOf(dispatcher: DemoClient, id: string): Promise<ReportResult> {
  const { data, cost } = await dispatcher.run('ReportResult', { id, first: DRIVERS });
  printCost('ReportResult', cost);
  return data.report;
}

const DRIVERS = 5;

function printTotals({ totals }: ReportResult, keys: readonly string[]): void {
  for (const total of totals.filter(({ key }) => keys.includes(key))) {
    printFact(`${total.key.padEnd(18)} ${shown(total).padStart(10)}`);
  }
}

function printDrivers({ rows }: ReportResult): void {
  printFact(
    'rank  driver                score  stops  on time (expected)  stops per hour (expected)',
  );
  for (const row of rows?.nodes ?? []) {
    const { rankInDepot, driver, score, stops, onTime, expectedOnTime } = row;
    const punctuality = `${percent(onTime)} (${percent(expectedOnTime)})`;
    const pace = `${oneDigit(row['stopsPerHour'])} (${oneDigit(row['expectedStopsPerHour'])})`;
    printFact(
      [
        String(rankInDepot).padStart(4),
        String(driver).padEnd(20),
        oneDigit(score).padStart(6),
        String(stops).padStart(5),
        punctuality.padStart(18),
        pace.padStart(25),
      ].join('  '),
    );
  }
}

function printDataQuality({ totals }: ReportResult): void {
  const share = (key: string) => percent(totals.find((total) => total.key === key)?.value ?? null);
  printFact(
    `data quality: ${share('measuredCo2e')} by odometer and the factor of the vehicle, ` +
      `${share('defaultCo2e')} by plan or default factors`,
  );
  const co2e = totals.find(({ key }) => key === 'co2e');
  if (co2e) printFact(co2e.definition);
}

function printFiles({ artifacts }: ReportResult): void {
  for (const { format, url, byteSize } of artifacts) {
    const size = `${(byteSize / 1024).toFixed(0)} KiB`;
    printFact(`${format.padEnd(5)} ${size.padStart(9)}  ${url}`);
  }
}

function shown({ value, unit }: Total): string {
  if (value === null) return 'nothing to measure';
  return (UNITS[unit] ?? ((amount) => amount.toFixed(0)))(value);
}

const UNITS: Readonly<Record<string, (value: number) => string>> = {
  RATIO: (value) => percent(value),
  SECONDS: (value) => `${value.toFixed(0)} s`,
  GRAMS: (value) => `${(value / 1_000_000).toFixed(1)} t`,
  TONNE_KM: (value) => `${value.toFixed(0)} tkm`,
  GRAMS_PER_TONNE_KM: (value) => `${value.toFixed(0)} g/tkm`,
};

type Cell = string | number | null | undefined;

const percent = (ratio: Cell): string =>
  typeof ratio === 'number' ? `${(ratio * 100).toFixed(1)} %` : '–';

const oneDigit = (value: Cell): string => (typeof value === 'number' ? value.toFixed(1) : '–');
