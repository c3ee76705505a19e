import { neutralized } from './neutralized.ts';

/** What a cell of a sheet can hold: a number with a style, or text. */
export type XlsxCell = { readonly value: number | string; readonly style?: number | undefined };

/** One row as XML; null leaves its cell empty. `number` counts from 1. */
export function xlsxRow(number: number, cells: readonly (XlsxCell | null)[]): string {
  let xml = `<row r="${number}">`;
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index];
    if (cell === null || cell === undefined) continue;
    const place = `r="${columnName(index)}${number}"${cell.style === undefined ? '' : ` s="${cell.style}"`}`;
    xml +=
      typeof cell.value === 'number'
        ? `<c ${place}><v>${cell.value}</v></c>`
        : `<c ${place} t="inlineStr"><is><t xml:space="preserve">${cellText(cell.value)}</t></is></c>`;
  }
  return `${xml}</row>`;
}

/** `A` for 0, `AA` for 26. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

const MAX_CELL_LENGTH = 32_767;

/**
 * Text cells are never run, but they are again once somebody saves the sheet as CSV. What XML cannot
 * hold is left out, and `_x000D_` stays what it is.
 */
function cellText(text: string): string {
  return neutralized(text)
    .slice(0, MAX_CELL_LENGTH)
    .toWellFormed()
    .replaceAll(NOT_XML, '')
    .replaceAll(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
