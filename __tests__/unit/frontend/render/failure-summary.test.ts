import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { renderFailure } from '../../../../src/frontend/render/failure-summary.ts';

describe('a failed run', () => {
  const error = new VeritySignError('key', 'The key <b>x</b> does not do', { remedy: 'Give another' });
  error.context.image = 'registry.example/app:1.0';

  test('says what happened, what to do, where, and where to read on', () => {
    const summary = renderFailure('Signing failed', error);
    expect(summary).toContain('### ❌ Signing failed: the key or its certificate\n');
    expect(summary).toContain(
      '> [!CAUTION]\n> **The key &#60;b&#62;x&#60;/b&#62; does not do**\n>\n> Give another.\n',
    );
    expect(summary).toContain('<td><code>registry&#46;example/app&#58;1.0</code></td>');
    expect(summary).toContain('docs/troubleshooting.md#key>)');
  });

  test('a defect is not spread out', () => {
    const summary = renderFailure('Signing failed', new TypeError('secret thing'));
    expect(summary).toContain('**Internal error**');
    expect(summary).not.toContain('secret thing');
  });
});
