declare module '@20minutes/s3rver' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** What the server keeps of a request. */
  export type S3Context = { app: S3rver };

  /** The part of it that our tests use; it has no types of its own. */
  export default class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string }[];
    });
    createContext(request: IncomingMessage, response: ServerResponse): S3Context;
    run(): Promise<{ address: string; port: number }>;
    close(): Promise<void>;
  }
}
