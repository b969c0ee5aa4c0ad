import { describe, expect, test } from '@jest/globals';
import { openGate, requireComplete } from '../../../../src/commands/gate/gate.ts';
import type { RunContext, SignOptions } from '../../../../src/commands/shared/options.ts';
import type { PlatformManifest, ResolvedImage, SkippedManifest } from '../../../../src/model/index.ts';
import { parseReference } from '../../../../src/oci/image/reference.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('1'), size: 7 };

function manifest(os: string | undefined, layersLeftOut?: string): PlatformManifest {
  const platform = os === undefined ? undefined : { os, architecture: 'amd64' };
  const leftOut = layersLeftOut === undefined ? {} : { layersLeftOut };
  return { descriptor, platform, config: descriptor, layers: [], skippedLayers: [], ...leftOut };
}

function skipped(mayRun: boolean): SkippedManifest {
  return {
    descriptor: { ...descriptor, digest: digest('2') },
    reason: 'not requested',
    mayRun,
    isImage: mayRun,
  };
}

const image = (manifests: PlatformManifest[], others: SkippedManifest[] = []): ResolvedImage => ({
  name: 'oci:image',
  root: descriptor,
  manifests,
  skipped: others,
});

describe('what a pushed index may hold', () => {
  test.each<[string, ResolvedImage, SignOptions['manifestSignature'], RegExp | undefined]>([
    ['signed layers', image([manifest('linux')]), 'none', undefined],
    ['an attestation', image([manifest('linux')], [skipped(false)]), 'none', undefined],
    [
      'an image that was not requested',
      image([manifest('linux')], [skipped(true)]),
      'none',
      /2{64}.*not requested/,
    ],
    ['the same with manifest signatures', image([manifest('linux')], [skipped(true)]), 'jws', /2{64}/],
    ['an attestation before it', image([], [skipped(false), skipped(true)]), 'jws', /not requested/],
    ['layers left out', image([manifest('linux', 'not asked for')]), 'none', /1{64}.*not asked for/],
    ['the same, its manifest signed', image([manifest('linux', 'not asked for')]), 'cose', undefined],
    ['the same without a platform', image([manifest(undefined, 'not asked for')]), 'none', /not asked for/],
    ['another system', image([manifest('linux'), manifest('windows', 'not Linux')]), 'none', undefined],
    ['signed layers of another system', image([manifest('windows')]), 'none', undefined],
  ])('%s', (_what, resolved, manifestSignature, refusal) => {
    const check = (): void => requireComplete(resolved, { manifestSignature });
    if (refusal === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(refusal);
  });
});

describe('push-to, before any program is started', () => {
  const layout = parseReference('oci:image');
  const open = (pushTo: string, from = layout): Promise<unknown> =>
    openGate(from, { pushTo: [pushTo] } as unknown as SignOptions, {} as RunContext, 'folder');

  test.each(['oci:other', 'docker-daemon:app:1', `localhost:5000/app@${digest('1')}`, 'oci-archive:app.tar'])(
    'refuses %s',
    async (pushTo) => {
      await expect(open(pushTo)).rejects.toMatchObject({
        code: 'usage',
        message: `push-to: ${pushTo} is not a tag in a registry`,
      });
    },
  );

  test('refuses an image that is in a registry', async () => {
    await expect(
      open('localhost:5000/app:1', parseReference('localhost:5000/other:1')),
    ).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('not in a registry yet'),
    });
  });
});
