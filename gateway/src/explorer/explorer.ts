import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { sendJson } from '@quantumroute/ops/http';
import type { Route } from '@quantumroute/ops/http';
import type { Manifests } from '../admission/manifests.ts';
import { createBundle } from './bundle.ts';
import { pageHeaders, pageHtml } from './page-html.ts';
import { readSettings } from './settings.ts';

/** What the explorer needs. */
export type ExplorerOptions = {
  /** There is no explorer in production. */
  production: boolean;
  graphqlPath: string;
  /** JSON with the credentials to choose from; read at each opening of the page. */
  credentialsFile?: string | undefined;
  /** Its examples are registered operations. */
  manifests?: Manifests;
  /** Where the page's bundle is kept. */
  bundleFolder?: string;
};

/** A page at `/` to try operations as somebody of the demo. Nothing of it comes from elsewhere. */
export type Explorer = { routes: Readonly<Record<string, Route>> };

/** The bundle is made when the page is opened for the first time, and kept for later starts. */
export function createExplorer({
  production,
  graphqlPath,
  credentialsFile,
  manifests = new Map(),
  bundleFolder = DEFAULT_BUNDLE_FOLDER,
}: ExplorerOptions): Explorer {
  if (production) return { routes: {} };
  const bundle = createBundle(bundleFolder);
  return {
    routes: {
      'GET /': (_request, response) => {
        response.writeHead(200, pageHeaders()).end(pageHtml(bundle.key()));
      },
      'GET /explorer/settings.json': async (_request, response) => {
        sendJson(response, 200, await readSettings({ graphqlPath, credentialsFile, manifests }));
      },
      'GET /explorer/*': {
        deadline: false,
        handler: (request: IncomingMessage, response: ServerResponse) =>
          bundle.serve(request, response),
      },
    },
  };
}

const DEFAULT_BUNDLE_FOLDER = fileURLToPath(
  new URL('../../../.quantumroute/explorer/', import.meta.url),
);
