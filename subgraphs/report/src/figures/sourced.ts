import type { FigureKey } from './catalogue.ts';
import { figureOf } from './catalogue.ts';
import { measuresOf } from './figure.ts';
import type { Question, Source } from './source.ts';
import { sourceOf } from './source.ts';
import type { MeasureKey } from './unrolled-measures.ts';

/** The figures of which every measure can be counted for the question. */
export function countable(figures: readonly FigureKey[], question: Question): FigureKey[] {
  return figures.filter((key) =>
    measuresOf(figureOf(key)).every((measure) => sourceOf(measure, question) !== null),
  );
}

/** Every measure that some of the figures are made of, once. */
export function measuresOfAll(figures: readonly FigureKey[]): ReadonlySet<MeasureKey> {
  return new Set(figures.flatMap((key) => measuresOf(figureOf(key))));
}

/** What has to be read where. */
export function measuresBySource(
  measures: Iterable<MeasureKey>,
  question: Question,
): ReadonlyMap<Source, readonly MeasureKey[]> {
  return Map.groupBy(measures, (measure) => {
    const source = sourceOf(measure, question);
    if (source === null) throw new TypeError(`${measure} cannot be counted for this question`);
    return source;
  });
}
