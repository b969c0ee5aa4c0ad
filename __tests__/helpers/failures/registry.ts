import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, SeenRequest } from '../faulty-proxy.ts';
import { OCI, sha256 } from '../image-writer.ts';
import type { RegistryKind } from '../registry.ts';
import type { Failure, FailureCase, Stage } from './stage.ts';

type Decide = (request: SeenRequest) => Fault | undefined;

/** Signs in a registry whose proxy fails as `decide` says. */
function signing(
  stage: Stage,
  decide: Decide,
  more: readonly string[] = [],
  kind: RegistryKind = 'referrers-api',
): Promise<Failure> {
  return stage.withRegistry(decide, (reference) => stage.sign(reference, ['--plain-http', ...more]), kind);
}

const everything =
  (status: number, code: string): Decide =>
  () => ({ status, body: JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }) });
const NO_MANIFESTS = JSON.stringify({ schemaVersion: 2, mediaType: OCI.index, manifests: [] });
const NO_MANIFESTS_HEADERS = {
  'content-type': OCI.index,
  'content-length': String(NO_MANIFESTS.length),
  'docker-content-digest': sha256(NO_MANIFESTS),
};
const withoutReferrers: Decide = ({ method, path }) =>
  method === 'GET' && path.includes('/referrers/')
    ? { status: 200, body: NO_MANIFESTS, headers: NO_MANIFESTS_HEADERS }
    : undefined;
const nothing: Decide = () => undefined;
const pushes = ({ method }: SeenRequest): boolean => ['PUT', 'POST', 'PATCH'].includes(method);

/** Refuses HEAD, and demands a token of a server. */
const withoutHead =
  (realm: string): Decide =>
  ({ method }) =>
    method === 'HEAD'
      ? { status: 405 }
      : { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}"` } };

export const REGISTRY: FailureCase[] = [
  {
    name: 'registry that is not there',
    run: (stage) => stage.sign('127.0.0.1:1/app:1', ['--plain-http']),
  },
  {
    name: 'image that is not in the registry',
    run: (stage) =>
      stage.withRegistry(nothing, (reference) => stage.sign(`${reference}.2`, ['--plain-http'])),
  },
  { name: 'no credentials', run: (stage) => signing(stage, everything(401, 'UNAUTHORIZED')) },
  {
    name: 'credentials without push permission',
    run: (stage) =>
      signing(stage, (request) => (pushes(request) ? everything(403, 'DENIED')(request) : undefined)),
  },
  { name: 'limited rate', run: (stage) => signing(stage, everything(429, 'TOOMANYREQUESTS')) },
  { name: 'registry with a defect', run: (stage) => signing(stage, everything(500, 'UNKNOWN')) },
  {
    name: 'answer with an unknown status',
    run: (stage) => signing(stage, everything(418, 'TEAPOT')),
  },
  ...(
    [
      ['an unknown document', 400, 'MANIFEST_INVALID'],
      ['a large request', 413, undefined],
      ['a media type', 415, 'UNSUPPORTED'],
    ] as const
  ).map(
    ([what, status, code]): FailureCase => ({
      name: `registry that does not accept ${what}`,
      run: (stage) =>
        signing(stage, (request) =>
          request.method === 'PUT' && request.path.includes('/manifests/')
            ? code === undefined
              ? { status, body: '<html><h1>413 Request Entity Too Large</h1></html>' }
              : everything(status, code)(request)
            : undefined,
        ),
    }),
  ),
  {
    name: 'registry without HEAD whose token server is not there',
    run: (stage) => signing(stage, withoutHead('http://127.0.0.1:1/token')),
  },
  {
    name: 'registry without HEAD whose token server has no URL of the web',
    run: (stage) => signing(stage, withoutHead('ftp://127.0.0.1/token')),
  },
  {
    name: 'registry that does not know the repository on a push',
    run: (stage) =>
      signing(stage, (request) => (pushes(request) ? everything(404, 'NAME_UNKNOWN')(request) : undefined)),
  },
  {
    name: 'list of referrers without end',
    run: (stage) =>
      signing(stage, ({ method, path }) => {
        if (method === 'HEAD') return { status: 405 };
        const headers = { ...NO_MANIFESTS_HEADERS, link: `<${path}>; rel="next"` };
        return path.includes('/referrers/') ? { status: 200, body: NO_MANIFESTS, headers } : undefined;
      }),
  },
  {
    name: 'upload to another host',
    run: (stage) => {
      const elsewhere = { status: 202, headers: { location: 'http://other.invalid/upload' } };
      return signing(stage, ({ method }) => (method === 'POST' ? elsewhere : undefined));
    },
  },
  {
    name: 'registry without TLS',
    run: (stage) => stage.withRegistry(nothing, (reference) => stage.sign(reference)),
  },
  {
    name: 'registry that does not answer',
    run: (stage) => signing(stage, () => 'silence', ['--timeout', '2s']),
  },
  {
    name: 'no referrers API where only that may be used',
    run: (stage) => signing(stage, nothing, ['--referrers', 'api'], 'fallback-tag'),
  },
  {
    name: 'referrers endpoint that refuses where only that may be used',
    run: (stage) =>
      signing(stage, ({ path }) => (path.includes('/referrers/') ? { status: 403 } : undefined), [
        '--referrers',
        'api',
      ]),
  },
  {
    name: 'list of referrers without the signature',
    run: (stage) => signing(stage, withoutReferrers, ['--referrers', 'api']),
  },
  {
    name: 'gate to a registry that lists no referrers',
    run: (stage) =>
      stage.withRegistry(withoutReferrers, (reference) =>
        stage.sign(`oci:${stage.copyOfLayout()}`, [
          '--plain-http',
          ...['--referrers', 'api', '--push-to', `${reference}.gated`],
        ]),
      ),
  },
  {
    name: 'fallback tag that leads to the image',
    run: (stage) => {
      const bytes = readFileSync(`${stage.folder}/layout/blobs/${stage.manifest.digest.replace(':', '/')}`);
      const headers = {
        'content-type': OCI.manifest,
        'docker-content-digest': stage.manifest.digest,
        'content-length': String(bytes.length),
      };
      const isTag = ({ method, path }: SeenRequest): boolean =>
        ['GET', 'HEAD'].includes(method) && path.includes('/manifests/sha256-');
      const decide: Decide = (request) =>
        isTag(request) ? { status: 200, body: bytes, headers } : undefined;
      return signing(stage, decide, [], 'fallback-tag');
    },
  },
  {
    name: 'fallback tag that leads to another manifest',
    run: (stage) => {
      const headers = {
        'content-type': OCI.manifest,
        'docker-content-digest': sha256('{}'),
        'content-length': '2',
      };
      return signing(
        stage,
        ({ path }) =>
          path.includes('/manifests/sha256-') ? { status: 200, body: '{}', headers } : undefined,
        [],
        'fallback-tag',
      );
    },
  },
  {
    name: 'fallback tag that is immutable',
    run: (stage) => {
      const message = 'the tag cannot be overwritten because it is immutable';
      const body = JSON.stringify({ errors: [{ code: 'TAG_INVALID', message }] });
      const isTag = ({ method, path }: SeenRequest): boolean =>
        method === 'PUT' && path.includes('/manifests/sha256-');
      return signing(
        stage,
        (request) => (isTag(request) ? { status: 400, body } : undefined),
        [],
        'fallback-tag',
      );
    },
  },
  {
    name: 'tag that another push has moved',
    run: (stage) =>
      stage.withRegistry(
        ({ method, path }) => {
          if (!path.endsWith('/manifests/gated') || !['GET', 'HEAD'].includes(method)) return undefined;
          return { status: 200, body: NO_MANIFESTS, headers: NO_MANIFESTS_HEADERS };
        },
        (reference) =>
          stage.sign(`oci:${stage.copyOfLayout()}`, [
            '--plain-http',
            '--push-to',
            reference.replace(/:1$/, ':gated'),
          ]),
      ),
  },
  {
    name: 'archive that another program has changed during the run',
    run: async (stage) => {
      const [archive, key] = ['image.tar', 'key'].map((name) => join(stage.scratch(), name)) as [
        string,
        string,
      ];
      execFileSync('tar', ['-cf', archive, '-C', stage.copyOfLayout(), '.']);
      execFileSync('mkfifo', [key]);
      const { keyPath, chainPath } = stage.files('p256');
      const run = stage.cli(['sign', `oci-archive:${archive}`, '--key', key, '--certificate', chainPath]);
      // The run has read the archive when it opens its key.
      const end = await open(key, 'w');
      writeFileSync(archive, 'no archive');
      await end.writeFile(readFileSync(keyPath));
      await end.close();
      return run;
    },
  },
];
