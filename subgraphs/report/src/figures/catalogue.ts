import { allocatedFigures } from './allocated-figures.ts';
import { deviationFigures } from './deviation-figures.ts';
import { dwellFigures } from './dwell-figures.ts';
import { etaFigures } from './eta-figures.ts';
import type { Figure } from './figure.ts';
import { routeFigures } from './route-figures.ts';
import { stopFigures } from './stop-figures.ts';
import { variantFigures } from './variant-figures.ts';

const figures = {
  ...stopFigures,
  ...dwellFigures,
  ...etaFigures,
  ...routeFigures,
  ...deviationFigures,
  ...allocatedFigures,
  ...variantFigures,
};

/** Name of a figure of the catalogue; clients see it as `Kpi.key` and as a column's key. */
export type FigureKey = keyof typeof figures;

export const figureKeys = Object.keys(figures) as FigureKey[];

/** The definition of a figure. */
export function figureOf(key: FigureKey): Figure {
  return figures[key];
}

/** True for a key that clients may have stored or sent. */
export function isFigureKey(key: string): key is FigureKey {
  return Object.hasOwn(figures, key);
}
