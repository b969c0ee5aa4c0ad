import { expect, test } from '@jest/globals';
import { readFailure } from '../../../../../src/signatures/signers/plugin/protocol.ts';

test.each([undefined, null, {}, { detail: 'x' }, { count: 3 }, 'x'])(
  'an error with the metadata %j keeps its code and message',
  (errorMetadata) => {
    const stderr = JSON.stringify({
      errorCode: 'ACCESS_DENIED',
      errorMessage: 'no such role',
      errorMetadata,
    });
    const shown = readFailure(stderr, (text) => text);
    expect(shown).toEqual({ code: 'ACCESS_DENIED', message: 'no such role' });
  },
);
