/** A node of `EXPLAIN (FORMAT JSON)`. */
export type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Heap Fetches'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly 'Temp Written Blocks'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Workers Launched'?: number;
  readonly Plans?: readonly PlanNode[];
};

export type Explained = { readonly Plan: PlanNode; readonly 'Planning Time': number };

export type PlanSummary = {
  /** Such as `2x Index Only Scan stop_facts_*`, the most used first. */
  readonly scans: readonly string[];
  /** Pages of 8 kB that were looked at, found in memory or not. */
  readonly buffers: number;
  readonly readFromDisk: number;
  /** Rows that an index-only scan had to look up in the table after all. */
  readonly heapFetches: number;
  readonly spilled: boolean;
  readonly workers: number;
  readonly planningMs: number;
};

/** What an executed plan did, in a few words. */
export function summarize({ Plan: root, 'Planning Time': planningMs }: Explained): PlanSummary {
  const nodes = everyNode(root);
  const scans = Map.groupBy(nodes.filter(isExecutedScan), scanName);
  return {
    scans: [...scans].map(([name, found]) =>
      found.length > 1 ? `${found.length}x ${name}` : name,
    ),
    buffers: (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0),
    readFromDisk: root['Shared Read Blocks'] ?? 0,
    heapFetches: nodes.reduce((sum, node) => sum + (node['Heap Fetches'] ?? 0), 0),
    spilled: nodes.some((node) => (node['Temp Written Blocks'] ?? 0) > 0),
    workers: Math.max(0, ...nodes.map((node) => node['Workers Launched'] ?? 0)),
    planningMs,
  };
}

function everyNode(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(everyNode)];
}

function isExecutedScan(node: PlanNode): boolean {
  return node['Relation Name'] !== undefined && (node['Actual Loops'] ?? 0) > 0;
}

/** Months are one table to the reader. */
function scanName(node: PlanNode): string {
  const table = (node['Relation Name'] ?? '').replace(/_\d{4}_\d{2}$/, '');
  return `${node['Node Type']} ${table}`;
}
