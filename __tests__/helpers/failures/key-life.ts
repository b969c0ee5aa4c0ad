import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificateBundle } from '../../../src/signatures/x509/bundle.ts';
import { readCertificate } from '../../../src/signatures/x509/certificate.ts';
import type { Fault, SeenRequest } from '../faulty-proxy.ts';
import { installPlugin } from '../notation-plugin.ts';
import type { Failure, FailureCase, Stage } from './stage.ts';

const SUBJECT = ['--subject', 'CN=release'];

const csr = (stage: Stage, more: readonly string[]): Promise<Failure> =>
  stage.cli(['csr', '--key', stage.files('p256').keyPath, ...more]);

/** Signs an image in a registry, and removes the signature through a proxy that fails. */
function removing(
  stage: Stage,
  decide: (request: SeenRequest) => Fault | undefined,
  kind: 'referrers-api' | 'fallback-tag',
): Promise<Failure> {
  let isSigned = false;
  const fault = (request: SeenRequest): Fault | undefined => (isSigned ? decide(request) : undefined);
  return stage.withRegistry(
    fault,
    async (reference) => {
      const { status, lines } = await stage.sign(reference, ['--plain-http']);
      if (status !== 0) throw new Error(lines.join('\n'));
      isSigned = true;
      const more = ['--plain-http', '--yes', '--force'];
      return stage.cli(['remove', reference, '--signer', fingerprint(stage), ...more]);
    },
    kind,
  );
}

function fingerprint(stage: Stage): string {
  const { certPath } = stage.files('p256');
  const [leaf] = readCertificateBundle(readFileSync(certPath), 'file', '');
  if (leaf === undefined) throw new TypeError('no certificate');
  return readCertificate(leaf).fingerprint;
}

export const KEY_LIFE: FailureCase[] = [
  { name: 'request without a subject', run: (stage) => csr(stage, []) },
  { name: 'request with a wrong subject', run: (stage) => csr(stage, ['--subject', 'release']) },
  { name: 'days of a request', run: (stage) => csr(stage, [...SUBJECT, '--days', '3']) },
  {
    name: 'request into a file that exists',
    run: (stage) => {
      const out = join(stage.scratch(), 'release.csr');
      writeFileSync(out, '');
      return csr(stage, [...SUBJECT, '--out', out]);
    },
  },
  {
    name: 'request into a folder that does not exist',
    run: (stage) => csr(stage, [...SUBJECT, '--out', join(stage.scratch(), 'missing/release.csr')]),
  },
  {
    name: 'self-signed certificate for a key of a plugin',
    run: async (stage) => {
      const folder = stage.scratch();
      const { reference } = await installPlugin(folder, { key: 'p256' });
      const args = ['csr', '--key', reference, ...SUBJECT, '--self-signed'];
      return stage.cli(args, { env: { NOTATION_LIBEXEC: folder } });
    },
  },
  { name: 'removal without a signer', run: (stage) => stage.cli(['remove', stage.image]) },
  {
    name: 'removal with a part of a fingerprint',
    run: (stage) => stage.cli(['remove', stage.image, '--signer', fingerprint(stage).slice(0, 16)]),
  },
  {
    name: 'removal of the last good signature',
    run: async (stage) => {
      const image = `oci:${stage.copyOfLayout()}`;
      await stage.sign(image);
      return stage.cli(['remove', image, '--signer', fingerprint(stage), '--yes']);
    },
  },
  {
    name: 'registry that does not delete',
    run: (stage) => {
      const body = JSON.stringify({
        errors: [{ code: 'UNSUPPORTED', message: 'The operation is unsupported.' }],
      });
      return removing(
        stage,
        ({ method }) => (method === 'DELETE' ? { status: 405, body } : undefined),
        'referrers-api',
      );
    },
  },
  {
    name: 'list of referrers that another program writes again',
    run: (stage) =>
      removing(
        stage,
        // The write is answered, and nothing changes.
        ({ method, path }) =>
          method === 'PUT' && path.includes('/manifests/sha256-') ? { status: 201 } : undefined,
        'fallback-tag',
      ),
  },
];
