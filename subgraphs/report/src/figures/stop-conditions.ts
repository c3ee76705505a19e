/** What can be wrong with a stop (`f` is a row of report.stop_facts), for measures, evidence and lists. */
export const stopConditions = {
  FAILED: `f.outcome = 'FAILED'`,
  // Neither those who left before the window opened, nor those who never came.
  LATE: 'not f.on_time and f.arrived_at >= f.window_start',
  DETAINED: 'f.dwell_seconds > f.service_seconds + 900',
  OUT_OF_SEQUENCE: 'f.actual_sequence <> f.planned_sequence',
} as const;

/** How long a detained stop was detained. */
export const detentionSeconds = 'f.dwell_seconds - f.service_seconds - 900';
