import type { Manifests } from '../admission/manifests.ts';
import type { Caller, CallerKind, Example } from './page/settings.ts';

type Credential = Pick<Caller, 'kind' | 'scopes'>;

/** Operations that work at once for this caller, the most telling one first. */
export function examplesFor({ kind, scopes }: Credential, manifests: Manifests): Example[] {
  return TEMPLATES[kind]
    .filter(({ needs }) => needs === undefined || scopes.includes(needs))
    .flatMap(({ operation, intro, variables }) => {
      const document = registered(operation, manifests) ?? UNREGISTERED[operation];
      if (document === undefined) return [];
      return [{ query: intro ? `${intro}\n${document}` : document, variables }];
    });
}

/** Operations whose answers hold values for the variables. */
export function lookupsFor({ kind, scopes }: Credential, manifests: Manifests): string[] {
  if (kind === 'anonymous') return [];
  const reports = registered('PartnerReports', manifests);
  const viewer = registered('PartnerViewer', manifests);
  return [
    viewer,
    scopes.includes('reports:read') ? reports : undefined,
    scopes.includes('fleet:read') ? '{ depots(first: 1) { nodes { id } } }' : undefined,
  ].filter((query) => query !== undefined);
}

type Template = {
  /** Name of a registered operation, or of one below. */
  readonly operation: string;
  /** Comment lines; none for partners, whose text must be the registered one to the letter. */
  readonly intro?: string;
  readonly variables: unknown;
  /** A scope without which the example would be refused. */
  readonly needs?: string;
};

const LAST_MONTH = { from: '<a month ago>', to: '<yesterday>' };

const PARTNER_REPORT = {
  idempotencyKey: '<new key>',
  kind: 'ON_TIME_IN_FULL',
  period: LAST_MONTH,
  formats: ['CSV', 'HTML'],
};

const EMISSIONS_REPORT = {
  idempotencyKey: '<new key>',
  kind: 'EMISSIONS',
  subjectId: '<depot>',
  period: LAST_MONTH,
  parameters: { groupBy: 'VEHICLE' },
  formats: ['HTML', 'PDF', 'XLSX'],
};

const TEMPLATES: Readonly<Record<CallerKind, readonly Template[]>> = {
  user: [
    {
      operation: 'DepotDay',
      intro: '# A depot and its day: three services answer, you ask once.',
      variables: {
        depotId: '<depot>',
        date: '<today>',
        lastWeek: { from: '<a week ago>', to: '<yesterday>' },
      },
    },
    {
      operation: 'BoardOpen',
      intro: "# The dispatcher's board. Null until somebody has planned the day: see Optimize.",
      variables: { depotId: '<depot>', date: '<today>' },
    },
    {
      operation: 'Optimize',
      intro: '# Plans the day in the background; publish what it proposes with planPublish.',
      variables: {
        input: {
          idempotencyKey: '<new key>',
          depotId: '<depot>',
          date: '<today>',
          timeLimitSeconds: 10,
        },
      },
      needs: 'routes:write',
    },
    {
      operation: 'BoardLive',
      intro:
        '# What changes on the board of today. Leave this running, then run Optimize in another tab,\n# or let `npm run demo` plan and drive.',
      variables: { depotId: '<depot>', date: '<today>' },
    },
    {
      operation: 'LiveFleet',
      intro:
        '# The map: where the vehicles of a depot are, then wherever they move, as in `npm run demo`.',
      variables: { depotId: '<depot>', intervalSeconds: 2 },
    },
    {
      operation: 'OptimizeWatch',
      intro: '# Put in the id that Optimize answers: the plan gets better before your eyes.',
      variables: { id: 'the-id-of-a-run-that-Optimize-answers' },
    },
    {
      operation: 'ReportsLive',
      intro: '# Leave this running, then request a report in the next tab, or as somebody else.',
      variables: {},
    },
    {
      operation: 'ReportRequest',
      intro:
        '# Answers at once; a worker makes the report. Emissions follow GLEC.\n# The other kinds, such as DRIVER_SCORECARD, are in ReportDefinitions.',
      variables: { input: EMISSIONS_REPORT },
      needs: 'reports:write',
    },
    {
      operation: 'ReportWatch',
      intro: '# The latest report: its present state first, then every change until it is final.',
      variables: { id: '<report>' },
    },
    {
      operation: 'ReportResult',
      intro: '# What it says: totals with their definitions, rows, and a link for each file.',
      variables: { id: '<report>', first: 20 },
    },
    {
      operation: 'FleetMonth',
      intro:
        '# Drivers with scores that are adjusted for how hard their routes were,\n# vehicles with their use and emissions.',
      variables: { depotId: '<depot>', period: LAST_MONTH, first: 10 },
      needs: 'reports:read',
    },
    {
      operation: 'OnTimeEvidence',
      intro:
        '# The stops behind a number, worst first.\n# StopCorrect puts right what was reported wrong.',
      variables: {
        depotId: '<depot>',
        period: { from: '<a week ago>', to: '<yesterday>' },
        first: 10,
      },
      needs: 'reports:read',
    },
    { operation: 'ReportDefinitions', variables: {} },
  ],
  driver: [
    { operation: 'DriverDay', variables: { date: '<today>' } },
    {
      operation: 'DriverRouteLive',
      intro: '# The route of now, whenever it changes: it waits for one where none is planned.',
      variables: {},
    },
  ],
  partner: [
    { operation: 'PartnerOrdersSince', variables: { first: 20 } },
    { operation: 'PartnerViewer', variables: {} },
    { operation: 'PartnerServiceLevel', variables: { period: LAST_MONTH } },
    { operation: 'PartnerReportRequest', variables: { input: PARTNER_REPORT } },
    { operation: 'PartnerReportWatch', variables: { id: '<report>' } },
  ],
  anonymous: [{ operation: 'PublicTracking', variables: { token: 'a-token-from-a-trackingUrl' } }],
};

/** Text that is of use here only. */
const UNREGISTERED: Readonly<Record<string, string>> = {
  DepotDay: `query DepotDay($depotId: ID!, $date: LocalDate!, $lastWeek: DateRangeInput!) {
  depot(id: $depotId) {
    name
    timeZone
    plan(date: $date) {
      status
      metrics {
        distanceMeters
        cost {
          amount
          currency
        }
      }
    }
  }
  orders(first: 5, filter: { depotId: $depotId, serviceDate: { from: $date, to: $date } }) {
    count {
      value
    }
    nodes {
      trackingNumber
      status
      priority
      place {
        name
      }
      partner {
        name
      }
    }
  }
  kpis(scope: { depotId: $depotId }, period: $lastWeek) {
    onTime {
      value
      previous
      numerator
      denominator
    }
    stopsPerHour {
      value
      unit
    }
  }
}`,
};

function registered(name: string, manifests: Manifests): string | undefined {
  const isNamed = new RegExp(`^(query|mutation|subscription) ${name}\\b`);
  for (const documents of manifests.values()) {
    for (const document of documents.values()) {
      if (isNamed.test(document)) return document;
    }
  }
  return undefined;
}
