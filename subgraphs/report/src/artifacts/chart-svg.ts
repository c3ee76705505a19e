import type { ChartSpec } from '../figures/chart.ts';
import { chartLocale } from './chart-locale.ts';
import type { FileSettings } from './file-settings.ts';
import { shownUnits } from './chart-units.ts';

type Drawing = {
  readonly settings: FileSettings;
  /** Of all of it, names of bars included; without it, that of the spec's plot. */
  readonly widthPixels?: number;
};

/**
 * Draws a Vega-Lite spec as SVG text, in the units and with the digits and months of the file. The
 * libraries are loaded at the first chart, because only workers that render need them.
 */
export async function chartSvg(
  { spec, altText }: ChartSpec,
  { settings, widthPixels }: Drawing,
): Promise<string> {
  const [{ compile }, { Error: onlyErrors, View, logger, parse }] = await Promise.all([
    import('vega-lite'),
    import('vega'),
  ]);
  const config = { ...(spec['config'] as object), locale: chartLocale(settings.locale) };
  const size = widthPixels === undefined ? {} : { width: widthPixels, autosize: FITTING };
  // Vega marks the values that it draws.
  const drawn = structuredClone({ ...shownUnits(spec, settings), ...size, config });
  const compiled = compile(drawn as unknown as Parameters<typeof compile>[0], {
    logger: logger(onlyErrors),
  });
  const view = new View(parse(compiled.spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return svg.replace('<svg ', `<svg role="img" aria-label="${attribute(altText)}" `);
  } finally {
    view.finalize();
  }
}

/** A chart without a value is an empty frame. */
export function isEmpty({ spec }: ChartSpec): boolean {
  const { values } = spec['data'] as { values: readonly unknown[] };
  return values.length === 0;
}

const FITTING = { type: 'fit-x', contains: 'padding' };

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
