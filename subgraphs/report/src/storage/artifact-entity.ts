import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

import { REPORT_FORMATS } from './report-entity.ts';

/** A file of a finished report; `storeKey` names it in the artifact store. */
export const ArtifactEntity = defineEntity({
  name: 'ReportArtifact',
  schema: 'report',
  tableName: 'report_artifacts',
  properties: {
    id: p.uuid().primary(),
    reportId: p.uuid(),
    attempt: p.integer(),
    format: p.enum(REPORT_FORMATS),
    fileName: p.text(),
    storeKey: p.text(),
    byteSize: p.bigint('number'),
    rowCount: p.integer(),
    sha256: p.text(),
  },
});

export type Artifact = InferEntity<typeof ArtifactEntity>;
