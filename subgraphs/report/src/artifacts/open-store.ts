import type { ReportConfig } from '../config.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { createFolderStore } from './folder-store.ts';

type StoreConfig = Pick<
  ReportConfig,
  | 'REPORT_STORE_DIR'
  | 'REPORT_STORE_S3_BUCKET'
  | 'REPORT_STORE_S3_REGION'
  | 'REPORT_STORE_S3_ENDPOINT'
  | 'REPORT_STORE_S3_ACCESS_KEY_ID'
  | 'REPORT_STORE_S3_SECRET_ACCESS_KEY'
>;

/** The bucket where one is named, the folder otherwise; its client is loaded only for a bucket. */
export async function openStore(
  stack: AsyncDisposableStack,
  config: StoreConfig,
): Promise<ArtifactStore> {
  const bucket = config.REPORT_STORE_S3_BUCKET;
  if (bucket === '') return createFolderStore(config.REPORT_STORE_DIR);
  const { createS3Store } = await import('./s3-store.ts');
  const accessKeyId = config.REPORT_STORE_S3_ACCESS_KEY_ID;
  const secretAccessKey = config.REPORT_STORE_S3_SECRET_ACCESS_KEY;
  const store = createS3Store({
    bucket,
    region: config.REPORT_STORE_S3_REGION,
    endpoint: config.REPORT_STORE_S3_ENDPOINT || undefined,
    credentials: accessKeyId === '' ? undefined : { accessKeyId, secretAccessKey },
  });
  stack.defer(() => store.close());
  return store;
}
