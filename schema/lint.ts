// node schema/lint.ts: checks the SDL against the conventions of schema/README.md.
import { readSubgraphs } from './contract/composition.ts';
import { lint } from './contract/lint/lint.ts';

const faults = lint(readSubgraphs());
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log('The schema keeps its conventions.');
