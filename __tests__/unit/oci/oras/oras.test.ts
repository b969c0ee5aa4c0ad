import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { ToolError } from '../../../../src/lib/process/run.ts';
import { isNotFound, isTransient, orasFailure } from '../../../../src/oci/oras/failures/failure.ts';
import { parseReferrers } from '../../../../src/oci/oras/referrers.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const found = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest,
  size: 3,
  artifactType: 'a/b',
};

describe('the output of oras discover', () => {
  test.each([
    ['1.2', { manifests: [{ ...found, reference: `r@${digest}` }] }],
    [
      '1.3',
      { ...found, reference: `r@${digest}`, referrers: [{ ...found, reference: 'r', referrers: [found] }] },
    ],
  ])('of %s', (_version, output) => {
    expect(parseReferrers(Buffer.from(JSON.stringify(output)))).toEqual([found]);
  });

  test.each([{ manifests: null }, { manifests: [] }, { referrers: [] }, {}])(
    'without referrers: %j',
    (output) => {
      expect(parseReferrers(Buffer.from(JSON.stringify(output)))).toEqual([]);
    },
  );

  test('that is something else', () => {
    for (const text of ['', '[]', '{"manifests":[{}]}']) {
      expect(() => parseReferrers(Buffer.from(text))).toThrow(VeritySignError);
    }
  });
});

describe('what oras says when it fails', () => {
  const target = 'example.com/immutable/denied:forbidden';
  const said = (stderr: string) => new ToolError('oras: exit status 1', { exitCode: 1, stderr });
  const failure = (stderr: string) => orasFailure(said(stderr), 'push', target);

  test.each([
    [
      `Error response from registry: failed to find "${target}": ${target}: not found`,
      /is not in the registry/,
    ],
    [
      'Error response from registry: denied: requested access to the resource is denied',
      /denies push access/,
    ],
    [
      'Error response from registry: HEAD "https://e/v2/a": response status code 403: Forbidden',
      /denies push/,
    ],
    [
      'Error: basic credential not found\nPlease check whether the file is correct',
      /requires credentials with push/,
    ],
    ['Error response from registry: tag invalid: it is immutable', /does not allow a tag/],
    [`Error: failed to do "${target}": something new`, /^push of .* failed \(oras: failed to do/],
  ])('%s', (stderr, message) => {
    expect(failure(stderr)).toMatchObject({ code: 'registry', message: expect.stringMatching(message) });
  });

  test('long words are shortened, hints and paths left out', () => {
    const { message } = failure(`Error: ${'x'.repeat(1000)}\nSee /home/someone/.docker/config.json`) as Error;
    expect(message.length).toBeLessThan(500);
    expect(message).not.toContain('/home');
  });

  test('only what may pass is tried again', () => {
    const transient = (stderr: string, access: 'pull' | 'push') => isTransient(said(stderr), access, target);
    expect(transient('Error: Get "https://e/": EOF', 'pull')).toBe(true);
    expect(transient('Error: read: connection reset by peer', 'push')).toBe(true);
    expect(transient('Error: PUT "https://e/": response status code 500: x', 'push')).toBe(true);
    expect(transient('Error: HEAD "https://e/": response status code 500: x', 'pull')).toBe(false);
    expect(transient(`Error: ${target}: not found`, 'push')).toBe(false);
    expect(transient('Error response from registry: denied', 'push')).toBe(false);
    expect(isTransient(new ToolError('slow', { timedOut: true, stderr: 'EOF' }), 'pull', target)).toBe(false);
    expect(isTransient(new VeritySignError('cancelled', 'stopped'), 'push', target)).toBe(false);
  });

  test('not found is told from the rest; other errors pass through', () => {
    expect(isNotFound(failure(`Error: ${target}: not found`))).toBe(true);
    expect(isNotFound(failure('Error response from registry: denied'))).toBe(false);
    const imitation = 'Error: response status code 500: x is not in the registry (oras: y)';
    expect(isNotFound(failure(imitation))).toBe(false);
    const other = new VeritySignError('cancelled', 'stopped');
    expect(orasFailure(other, 'pull', target)).toBe(other);
    expect(orasFailure(new ToolError('slow', { timedOut: true }), 'pull', target)).toMatchObject({
      code: 'registry',
      remedy: expect.stringContaining('timeout'),
    });
  });
});
