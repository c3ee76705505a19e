import { BrokenFile } from './broken-file.ts';

/** A line of a text file that is not blank, with its number from 1. */
export type NumberedLine = {
  readonly file: string;
  readonly number: number;
  readonly text: string;
};

/** The lines of a file, whatever ends them, without the blank ones. */
export function numberedLines(file: string, text: string): NumberedLine[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ file, number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
}

/** The numbers that a line consists of; throws `BrokenFile` unless there are at least so many and nothing else. */
export function numbersOf(line: NumberedLine, atLeast: number, what: string): number[] {
  const numbers = line.text.split(/\s+/).map(Number);
  if (numbers.length < atLeast || !numbers.every(Number.isFinite)) {
    throw new BrokenFile(line.file, line.number, `expected ${what}, got "${shortened(line.text)}"`);
  }
  return numbers;
}

/** Text of a file for a message: not more of it than a line can hold. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
