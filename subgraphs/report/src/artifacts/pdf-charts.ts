import SVGtoPDF from 'svg-to-pdfkit';

import type { ChartSpec } from '../figures/chart.ts';
import { chartSvg } from './chart-svg.ts';
import type { FileSettings } from './file-settings.ts';
import type { Pdf } from './pdf-page.ts';
import { CONTENT_BOTTOM, CONTENT_WIDTH, FONTS, PAGE, makeRoom, writeLine } from './pdf-page.ts';

const GAP = 24;
const WIDTH = (CONTENT_WIDTH - GAP) / 2;
const CAPTION = 18;
/** Drawn wider than it is printed, so that labels come out at about 8 points. */
const DRAWN_PIXELS = 420;
/** A chart that does not fit below is drawn smaller, down to this share, before it takes a new page. */
const LEAST_SHARE = 0.6;

const WHOLE_PAGE = CONTENT_BOTTOM - PAGE.top - CAPTION;

type Chart = { readonly title: string; readonly svg: string; readonly height: number };

/** The charts, two side by side, as vectors; gives the place below. */
export async function drawCharts(
  pdf: Pdf,
  top: number,
  { charts, settings }: { charts: readonly ChartSpec[]; settings: FileSettings },
): Promise<number> {
  let y = top;
  for (let index = 0; index < charts.length; index += 2) {
    const pair = charts.slice(index, index + 2).map((chart) => drawn(chart, settings));
    const drawings = await Promise.all(pair);
    const tallest = Math.max(...drawings.map((drawing) => drawing.height));
    y = makeRoom(pdf, y, CAPTION + LEAST_SHARE * tallest);
    const height = Math.min(tallest, CONTENT_BOTTOM - y - CAPTION);
    drawings.forEach((drawing, column) => {
      const fitted = { ...drawing, height: Math.min(drawing.height, height) };
      place(pdf, fitted, { x: PAGE.left + column * (WIDTH + GAP), y });
    });
    y += CAPTION + height + 14;
  }
  return y;
}

async function drawn(chart: ChartSpec, settings: FileSettings): Promise<Chart> {
  const svg = await chartSvg(chart, { settings, widthPixels: DRAWN_PIXELS });
  const [, width = '1', height = '1'] = /viewBox="0 0 (\S+) (\S+)"/.exec(svg) ?? [];
  const fitting = WIDTH * (Number(height) / Number(width));
  return { title: chart.title, svg, height: Math.min(fitting, WHOLE_PAGE) };
}

function place(pdf: Pdf, { title, svg, height }: Chart, { x, y }: { x: number; y: number }): void {
  writeLine(pdf, title, { x, y, width: WIDTH, font: 'bold', size: 10 });
  SVGtoPDF(pdf, svg, x, y + CAPTION, {
    width: WIDTH,
    height,
    preserveAspectRatio: 'xMinYMin meet',
    fontCallback: (_family, isBold) => (isBold ? FONTS.bold : FONTS.regular),
  });
}
