import { describe, expect, test } from '@jest/globals';
import {
  discoverCommand,
  orasTarget,
  shellQuote,
  verifyCommands,
} from '../../../../../src/frontend/render/sign/check-commands.ts';
import { artifact, digest, layer, report } from '../../../../helpers/reports.ts';

describe('commands', () => {
  test.each([
    ['registry.example/app', [], 'registry.example/app'],
    ['docker://registry.example:5000/app', [], 'registry.example:5000/app'],
    ['oci:dir/with:colon', ['--oci-layout'], 'dir/with:colon'],
    ['oci-archive:image.tar', ['--oci-layout'], 'image.tar'],
  ])('%s as oras names it', (name, options, repository) => {
    const image = { reference: '', name: `${name}@${digest('9')}`, digest: digest('9'), mediaType: '' };
    expect(orasTarget({ image })).toEqual({ options, repository });
  });

  test('an image of the docker daemon as the registry has it', () => {
    const image = {
      reference: '',
      name: `docker-daemon:docker.io/library/app@${digest('9')}`,
      digest: digest('9'),
      mediaType: '',
    };
    const pushed = { reference: 'registry.example:5000/app:1.0', digest: digest('9') };
    expect(orasTarget({ image, pushed })).toEqual({ options: [], repository: 'registry.example:5000/app' });
  });

  test('quote what a shell would take apart', () => {
    expect(shellQuote('a b;$(c)\'d"')).toBe(`'a b;$(c)'\\''d"'`);
    expect(shellQuote('registry.example/app@sha256:00')).toBe('registry.example/app@sha256:00');
    const image = { reference: '', name: `oci:my dir@${digest('9')}`, digest: digest('9'), mediaType: '' };
    expect(discoverCommand(report({ image }), artifact())).toContain(`'my dir@${digest('1')}'`);
  });

  test('take the first signed layer, or none', () => {
    const { signatureDigest: _none, ...unsigned } = layer(0);
    expect(verifyCommands(report(), artifact({ layers: [unsigned, layer(1)] }))[0]).toContain(
      'layer-1.pkcs7.sig',
    );
    expect(verifyCommands(report(), artifact({ layers: [] }))).toEqual([]);
  });
});
