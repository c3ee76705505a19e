import type { ChartSpec } from '../figures/chart.ts';

/**
 * Draws a Vega-Lite spec as SVG text. The libraries are loaded at the first chart, because only
 * workers that render need them.
 */
export async function chartSvg({ spec, altText }: ChartSpec): Promise<string> {
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0]);
  const view = new View(parse(compiled.spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return svg.replace('<svg ', `<svg role="img" aria-label="${attribute(altText)}" `);
  } finally {
    view.finalize();
  }
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
