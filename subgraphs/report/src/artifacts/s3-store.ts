import { Readable } from 'node:stream';

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  NoSuchKey,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import type { ArtifactStore, StoredFile } from './artifact-store.ts';
import { checkKey } from './artifact-store.ts';
import type { ByteRange } from './byte-range.ts';
import { measured } from './measured-content.ts';

export type S3Settings = {
  readonly bucket: string;
  readonly region: string;
  /** Of another provider than AWS, which is then spoken to by paths instead of host names. */
  readonly endpoint: string | undefined;
  /** Without them, the client looks where AWS puts them: environment, profile, role of the machine. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
  readonly timeouts?: { readonly connectMs: number; readonly requestMs: number };
};

const TIMEOUTS = { connectMs: 2_000, requestMs: 20_000 };
/** The first try and two more, with pauses that grow. */
const MAX_TRIES = 3;
/** S3 takes no smaller parts, and 10,000 of them: 80 GB. */
const PART_BYTES = 8 * 2 ** 20;
/** Parts of one file in memory at a time. */
const PARTS_AT_ONCE = 2;

/** Report files in a bucket of S3, or of a store that speaks like it. */
export function createS3Store(settings: S3Settings): ArtifactStore & { close(): void } {
  const { bucket } = settings;
  const client = connect(settings);
  const objectOf = (key: string) => ({ Bucket: bucket, Key: checkKey(key) });
  return {
    write: (key, content) => upload(client, objectOf(key), content),
    read: (key, range) => download(client, objectOf(key), range),
    keysOf: async (reportId) => {
      const listing = { Bucket: bucket, Prefix: `${checkKey(reportId)}/` };
      const { Contents = [] } = await client.send(new ListObjectsV2Command(listing));
      return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand(objectOf(key)));
    },
    check: async () => {
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
    },
    close: () => client.destroy(),
  };
}

function connect({ region, endpoint, credentials, timeouts = TIMEOUTS }: S3Settings): S3Client {
  return new S3Client({
    region,
    maxAttempts: MAX_TRIES,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: timeouts.connectMs,
      requestTimeout: timeouts.requestMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeouts.requestMs,
    }),
    // Other providers know no checksums beyond those that S3 asks for; ours is in the database.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

type ObjectOf = { readonly Bucket: string; readonly Key: string };

/** An object appears when its upload is complete; what was uploaded of another is thrown away. */
async function upload(
  client: S3Client,
  object: ObjectOf,
  content: AsyncIterable<string | Uint8Array>,
): Promise<StoredFile> {
  const { chunks, result, failureOf } = measured(content);
  try {
    await new Upload({
      client,
      params: { ...object, Body: Readable.from(chunks, { highWaterMark: 1 }) },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      leavePartsOnError: false,
    }).done();
  } catch (error) {
    throw failureOf(error);
  }
  return result();
}

async function download(
  client: S3Client,
  object: ObjectOf,
  range: ByteRange | undefined,
): Promise<Readable | null> {
  const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
  try {
    const { Body } = await client.send(new GetObjectCommand({ ...object, ...part }));
    return (Body as Readable | undefined) ?? null;
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
}
