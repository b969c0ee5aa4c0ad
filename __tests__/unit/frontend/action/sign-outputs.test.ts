import { describe, expect, test } from '@jest/globals';
import { outputsOf } from '../../../../src/frontend/action/sign-outputs.ts';
import type { PreflightReport } from '../../../../src/report/node/preflight-report.ts';
import {
  artifact,
  digest,
  dryRun,
  hex,
  layer,
  manifestSignature,
  noWarning,
  report,
} from '../../../helpers/reports.ts';

describe('outputs', () => {
  test('list artifacts and layers of all images in order', () => {
    const second = report({
      image: { reference: 'b', name: `b@${digest('5')}`, digest: digest('5'), mediaType: 'x' },
    });
    const outputs = outputsOf(
      [report({ artifacts: [artifact({ layers: [layer(0), layer(1)] })] }), second],
      '/r.json',
      noWarning,
      undefined,
    );
    expect(outputs.digest).toBe(`${digest('9')}\n${digest('5')}`);
    expect(outputs['report-path']).toBe('/r.json');
    expect(JSON.parse(outputs['artifact-digests'])).toEqual([
      expect.objectContaining({
        platform: 'linux/amd64',
        profile: 'containerd',
        digest: digest('2'),
        reused: false,
      }),
      expect.objectContaining({ image: `b@${digest('5')}`, manifest: digest('1') }),
    ]);
    expect(JSON.parse(outputs['root-hashes'])).toHaveLength(3);
    expect(JSON.parse(outputs['root-hashes'])[1]).toEqual({
      image: `registry.example/app@${digest('9')}`,
      platform: 'linux/amd64',
      profile: 'containerd',
      manifest: digest('1'),
      index: 1,
      layer: digest('a'),
      rootHash: hex('d'),
    });
  });

  test('list manifest signatures; the index has no platform, and a dry run none', () => {
    const manifestSignatures = [manifestSignature({ platform: 'linux/amd64' }), manifestSignature()];
    const signed = JSON.parse(
      outputsOf([report({ manifestSignatures })], 'r', noWarning, undefined)['manifest-signatures'],
    );
    expect(signed).toEqual([
      expect.objectContaining({ platform: 'linux/amd64' }),
      {
        image: `registry.example/app@${digest('9')}`,
        platform: null,
        manifest: digest('9'),
        format: 'jws',
        digest: digest('7'),
        reused: false,
      },
    ]);
    const { referrer: _referrer, ...planned } = manifestSignature();
    expect(
      outputsOf([dryRun({ manifestSignatures: [planned] })], 'r', noWarning, undefined)[
        'manifest-signatures'
      ],
    ).toBe('[]');
  });

  test('have the verdict of preflight and its denials, also of the image that fails', () => {
    const without = outputsOf([report()], 'r', noWarning, undefined);
    expect(without).toMatchObject({ 'preflight-verdict': '', 'preflight-denials': '[]' });
    const denial = { count: 2, program: '/usr/bin/node', what: 'anonymous memory', hook: 'MMAP' };
    const tested = (verdict: string, denials: object[]) =>
      report({
        preflight: { image: { name: 'app@x' }, verdict, denials } as unknown as PreflightReport,
      });
    const runs = tested('runs', []);
    expect(outputsOf([runs], 'r', noWarning, undefined)['preflight-verdict']).toBe('runs');
    const outputs = outputsOf([runs], 'r', noWarning, { part: tested('denied', [denial]) });
    expect(outputs['preflight-verdict']).toBe('denied');
    expect(JSON.parse(outputs['preflight-denials'])).toEqual([{ image: 'app@x', ...denial }]);
    expect(outputs.digest.split('\n')).toHaveLength(1);
  });

  test('cover no configuration if the run ended before the last image', () => {
    const done = [report({ configurationCovered: true })];
    const covered = (failure: object | undefined): string =>
      outputsOf(done, 'r', noWarning, failure)['configuration-covered'];
    expect([covered(undefined), covered({}), covered({ part: report() })]).toEqual([
      'true',
      'false',
      'false',
    ]);
  });

  test('have no artifacts after a dry run, and null for an unknown platform', () => {
    const { platform: _platform, ...unknown } = artifact();
    const outputs = outputsOf([dryRun({ artifacts: [unknown] })], 'r', noWarning, undefined);
    expect(outputs['artifact-digests']).toBe('[]');
    expect(JSON.parse(outputs['root-hashes'])).toEqual([expect.objectContaining({ platform: null })]);
  });
});
