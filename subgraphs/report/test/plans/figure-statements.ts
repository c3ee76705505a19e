import { TILES } from '../../src/actions/measure-kpis.ts';
import { dataAsOf } from '../../src/facts/data-as-of.ts';
import type { FigureKey } from '../../src/figures/catalogue.ts';
import { readEvidence } from '../../src/figures/evidence.ts';
import { kindOf } from '../../src/figures/kind.ts';
import type { Query } from '../../src/figures/measure.ts';
import { measure } from '../../src/figures/measure.ts';
import type { ReportParameters } from '../../src/figures/parameters.ts';
import { readingOf } from '../../src/figures/reading.ts';
import { reportCharts } from '../../src/figures/report-charts.ts';
import type { ReportQuestion } from '../../src/figures/report-question.ts';
import { reportTable, reportTotals } from '../../src/figures/report-question.ts';
import type { Scope } from '../../src/figures/scope.ts';
import type { Reading } from '../../src/figures/source.ts';
import { REPORT_KINDS } from '../../src/storage/report-entity.ts';
import { findRestatedDays } from '../../src/storage/restated-days.ts';
import { numbered } from '../../src/storage/sql.ts';
import { ours, PERIOD, PREVIOUS } from './plan-world.ts';
import type { Statement } from './recorder.ts';
import { askSubjects } from './subject-statements.ts';

/** A statement and what it is for. */
export type NamedStatement = Statement & { readonly name: string };

const { organization: organizationId } = ours;
const READINGS: readonly Reading[] = ['roll-ups', 'facts'];
const SUBJECTS = { organization: organizationId, depot: ours.depot, partner: ours.partner };

/** Every statement that makes numbers: tiles of each scope, all of each kind of report, fields of objects. */
export async function figureStatements(): Promise<NamedStatement[]> {
  const found: NamedStatement[] = [];
  const querying = (name: string): Query => {
    return async (statement) => {
      found.push({ name, text: numbered(statement), values: statement.values });
      return [];
    };
  };
  for (const reading of READINGS) {
    for (const scope of scopes()) {
      const query = querying(`tiles by ${scope.narrow.by} from ${reading}`);
      const periods = { present: PERIOD, previous: PREVIOUS };
      await measure(query, { scope, ...periods, figures: TILES, reading });
    }
    for (const question of questions()) await askAll(question, { reading, querying });
  }
  await askAround(querying);
  await askSubjects(querying);
  return found;
}

function scopes(): Scope[] {
  const by = (['depot', 'vehicle', 'driver', 'partner'] as const).map((key) => ({
    organizationId,
    narrow: { by: key, id: ours[key] },
  }));
  return [{ organizationId, narrow: { by: 'organization' } }, ...by];
}

type Named = ReportQuestion & { readonly name: string };

/** Each kind by each of its groupings, for all that it can be about. */
function questions(): Named[] {
  return REPORT_KINDS.flatMap((name) => {
    const kind = kindOf(name);
    return kind.subjects.flatMap((subject) =>
      Object.entries(kind.groupings)
        .filter(([, { forPartners }]) => forPartners || subject !== 'partner')
        .map(([groupBy]) => ({
          name: `${name} by ${groupBy} of a ${subject}`,
          kind,
          scope: scopeOf(subject),
          period: PERIOD,
          previous: PREVIOUS,
          parameters: { groupBy, minimumStops: 1 } satisfies ReportParameters,
        })),
    );
  });
}

function scopeOf(subject: keyof typeof SUBJECTS): Scope {
  const narrow =
    subject === 'organization' ? { by: subject } : { by: subject, id: SUBJECTS[subject] };
  return { organizationId, narrow, experimentId: ours.organization };
}

type Asking = { readonly reading: Reading; readonly querying: (name: string) => Query };

async function askAll(question: Named, { reading, querying }: Asking): Promise<void> {
  const name = `${question.name} from ${reading}`;
  await querying(name)(reportTable(question, { reading, limit: 1_000 }).statement);
  const totals = reportTotals(question, reading);
  if (totals.figures.length > 0) await measure(querying(`totals of ${name}`), totals);
  await reportCharts(querying(`chart of ${name}`), question, reading);
}

async function askAround(querying: Asking['querying']): Promise<void> {
  const days = { organizationId, ...PERIOD };
  await dataAsOf(querying('data as of'), organizationId);
  await findRestatedDays(querying('restated days of reports'), [{ ...days, since: null }]);
  await readingOf(querying('dirty days'), { organizationId, periods: [PERIOD] });
  const figures: FigureKey[] = ['onTime', 'dwellP90', 'failedStops'];
  for (const scope of scopes()) {
    for (const figure of figures) {
      await readEvidence(querying(`evidence of ${figure} by ${scope.narrow.by}`), [
        { figure, scope, period: PERIOD, limit: 20, after: null },
      ]);
    }
  }
}
