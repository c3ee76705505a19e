import type { FigureKey } from './catalogue.ts';
import { figureOf } from './catalogue.ts';
import type { Cells } from './column.ts';
import { dimensionOf } from './dimension.ts';
import type { ChartPlan } from './kind.ts';
import type { KpiUnit } from '../resolvers/schema-types.ts';

/** A chart as clients get it and as the HTML file draws it: a self-contained Vega-Lite spec. */
export type ChartSpec = { title: string; spec: Record<string, unknown>; altText: string };

type Point = { group: string; figure: string; value: number };

/** Draws a plan's figures from rows that `tabulate` gave for its dimension and within its limit. */
export function chartOf(plan: ChartPlan, rows: readonly Cells[]): ChartSpec {
  const figures = plan.figures.filter((key) => rows.some((row) => typeof row[key] === 'number'));
  const points = rows.flatMap((row) => pointsOf(plan, figures, row));
  const unit = figureOf(plan.figures[0] ?? 'stops').unit;
  const axis = axisOf(unit, largest(points));
  const encoding =
    plan.mark === 'line' || plan.by === 'day' ? overTime(unit, axis) : ranked(plan, axis);
  return {
    title: plan.title,
    altText: altTextOf(plan, figures, points),
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      width: 680,
      height: plan.mark === 'bar' && plan.by !== 'day' ? { step: 22 } : 220,
      // Files in other units convert the values by it.
      usermeta: { unit },
      data: { values: points },
      mark: plan.mark === 'line' ? { type: 'line', point: true, strokeWidth: 2 } : { type: 'bar' },
      encoding: { ...encoding, ...(figures.length > 1 ? { color: colors(figures) } : {}) },
      config: theme,
    },
  };
}

function pointsOf({ by }: ChartPlan, figures: readonly FigureKey[], row: Cells): Point[] {
  return figures.flatMap((key) => {
    const value = row[key];
    if (typeof value !== 'number') return [];
    return [{ group: String(row[by] ?? 'None'), figure: figureOf(key).title, value }];
  });
}

type Axis = Record<string, unknown>;

function overTime(unit: KpiUnit, axis: Axis): Record<string, unknown> {
  return {
    x: {
      field: 'group',
      type: 'temporal',
      timeUnit: 'utcyearmonthdate',
      axis: { title: null, format: '%d %b', tickCount: 10, grid: false },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      axis,
      scale: { zero: unit !== 'RATIO' },
    },
  };
}

function ranked({ by }: ChartPlan, axis: Axis): Record<string, unknown> {
  return {
    y: {
      field: 'group',
      type: 'nominal',
      sort: '-x',
      axis: { title: dimensionOf(by).title, labelLimit: 220 },
    },
    x: { field: 'value', type: 'quantitative', axis },
  };
}

function colors(figures: readonly FigureKey[]): Record<string, unknown> {
  const domain = figures.map((key) => figureOf(key).title);
  const legend = { title: null, orient: 'top' };
  return { field: 'figure', type: 'nominal', scale: { domain }, legend };
}

/** Times at a stop are minutes, times on the road are hours. */
const SHORT_SECONDS = 2 * 3600;

function largest(points: readonly Point[]): number {
  return points.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
}

function axisOf(unit: KpiUnit, most: number): Axis {
  switch (unit) {
    case 'RATIO':
      return { title: null, format: '.0%' };
    case 'METERS':
      return { title: 'km', labelExpr: "format(datum.value / 1000, ',.0f')" };
    case 'SECONDS':
      return most < SHORT_SECONDS
        ? { title: 'minutes', labelExpr: "format(datum.value / 60, ',.0f')" }
        : { title: 'hours', labelExpr: "format(datum.value / 3600, ',.1f')" };
    case 'COUNT':
      return { title: null, format: ',.0f', tickMinStep: 1 };
    case 'GRAMS':
      return { title: 'kg', labelExpr: "format(datum.value / 1000, ',.2~f')" };
    case 'GRAMS_PER_TONNE_KM':
      return { title: 'g per tonne-km', format: ',.2~f' };
    case 'TONNE_KM':
      return { title: 'tonne-km', format: ',.2~f' };
    case 'MONEY':
    case 'MONEY_PER_KM':
    case 'PER_HOUR':
      return { title: null, format: ',.2~f' };
  }
}

const theme = {
  font: 'system-ui, sans-serif',
  background: 'transparent',
  view: { stroke: 'transparent' },
  axis: {
    labelColor: '#475569',
    titleColor: '#475569',
    gridColor: '#e2e8f0',
    domainColor: '#cbd5e1',
  },
  legend: { labelColor: '#475569' },
  bar: { color: '#2563eb', cornerRadiusEnd: 2 },
  range: { category: ['#2563eb', '#0d9488', '#d97706', '#9333ea'] },
};

function altTextOf(
  plan: ChartPlan,
  figures: readonly FigureKey[],
  points: readonly Point[],
): string {
  const shape = plan.mark === 'line' ? 'Line' : 'Bar';
  const by = dimensionOf(plan.by).title.toLowerCase();
  const ranges = figures.map((key) => {
    const { title, unit } = figureOf(key);
    const values = points.filter(({ figure }) => figure === title).map(({ value }) => value);
    return `${title} from ${spoken(Math.min(...values), unit)} to ${spoken(Math.max(...values), unit)}`;
  });
  return `${shape} chart by ${by}: ${ranges.length === 0 ? 'no data' : ranges.join('; ')}.`;
}

function spoken(value: number, unit: KpiUnit): string {
  switch (unit) {
    case 'RATIO':
      return `${(value * 100).toFixed(1)} %`;
    case 'METERS':
      return `${(value / 1000).toFixed(1)} km`;
    case 'SECONDS':
      return Math.abs(value) < SHORT_SECONDS
        ? `${(value / 60).toFixed(1)} min`
        : `${(value / 3600).toFixed(1)} h`;
    case 'GRAMS':
      return `${(value / 1000).toFixed(1)} kg`;
    case 'GRAMS_PER_TONNE_KM':
      return `${value.toFixed(1)} g per tonne-km`;
    case 'TONNE_KM':
      return `${value.toFixed(1)} tonne-km`;
    case 'MONEY':
    case 'MONEY_PER_KM':
    case 'COUNT':
    case 'PER_HOUR':
      return String(Number(value.toFixed(2)));
  }
}
