import { expect, test } from '@jest/globals';
import { withoutSecrets } from '../../../../../src/tools/install/archive/download.ts';

test('a URL is shown without password and token', () => {
  expect(withoutSecrets('https://user:secret@mirror.example:8443/a/b.tar.gz?sig=secret#x')).toBe(
    'https://mirror.example:8443/a/b.tar.gz',
  );
});
