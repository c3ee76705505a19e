import type { Facts, Figure } from './figure.ts';
import { partsOf } from './figure.ts';
import { routeFigures } from './route-figures.ts';
import { stopFigures } from './stop-figures.ts';

const figures = { ...stopFigures, ...routeFigures };

/** Name of a figure of the catalogue; clients see it as `Kpi.key` and as a column's key. */
export type FigureKey = keyof typeof figures;

/** The definition of a figure. */
export function figureOf(key: FigureKey): Figure {
  return figures[key];
}

/** The kinds of facts that a list of figures needs. */
export function factsOf(keys: readonly FigureKey[]): ReadonlySet<Facts> {
  return new Set(keys.flatMap((key) => partsOf(figureOf(key)).map(({ part }) => part.facts)));
}
