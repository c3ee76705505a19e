/** What is wrong with a file that was given to the bench, in one sentence with its path and line. */
export class BrokenFile extends Error {
  constructor(file: string, line: number | null, problem: string) {
    super(`${file}${line === null ? '' : `:${line}`}: ${problem}`);
    this.name = 'BrokenFile';
  }
}
