import type { Cells, ReportColumn } from '../figures/column.ts';
import type { FileSettings } from './file-settings.ts';
import { shownTitle, shownUnit } from './shown-unit.ts';
import { createZonedTime } from './zoned-time.ts';

/** A column as programs read it: its unit stands in the title, its cells are plain. */
export type MachineColumn = {
  readonly title: string;
  read(row: Cells): string | number | boolean | null;
};

/** The columns of CSV and JSONL: plain numbers in the reader's units, ISO days and instants. */
export function machineColumns(
  columns: readonly ReportColumn[],
  settings: FileSettings,
): MachineColumn[] {
  const time = createZonedTime(settings.timeZone);
  return columns.map(({ key, title, unit, type }) => {
    if (type === 'INSTANT') {
      return { title, read: (row) => instant(row[key] ?? null, time.iso) };
    }
    if (unit === null) return { title, read: (row) => row[key] ?? null };
    const { factor, symbol } = shownUnit(unit, settings);
    const shown = shownTitle(title, settings);
    return {
      title: symbol === null ? shown : `${shown} (${symbol})`,
      read: (row) => number(row[key] ?? null, factor),
    };
  });
}

type Cell = Cells[string];

function instant(cell: Cell, iso: (epochMs: number) => string): Cell {
  return typeof cell === 'string' ? iso(Date.parse(cell)) : cell;
}

/** Nobody reads the noise of floating point beyond the sixth decimal. */
function number(cell: Cell, factor: number): Cell {
  if (typeof cell !== 'number' || Number.isInteger(cell * factor)) {
    return typeof cell === 'number' ? cell * factor : cell;
  }
  return Number((cell * factor).toFixed(6));
}
