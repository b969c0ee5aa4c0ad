import { describe, expect, test } from '@jest/globals';
import { explainFailure } from '../../../../../src/convert/erofs/mkfs/mkfs-errors.ts';
import type { VeritySignError } from '../../../../../src/errors.ts';
import { ToolError } from '../../../../../src/lib/process/run.ts';

const limits = { memory: 160 * 2 ** 20, addressSpace: 2, processorSeconds: 8, fileSize: 4, processes: 5 };

function explained(outcome: ConstructorParameters<typeof ToolError>[1], withLimits = true): VeritySignError {
  const error = new ToolError('mkfs.erofs failed', outcome);
  return explainFailure(error, 1000, withLimits ? limits : undefined) as VeritySignError;
}

describe('a program that a signal ended', () => {
  test.each([
    [{ killedBy: 'SIGSEGV' as const }, 'SIGSEGV'],
    // Of the shell that waits for it.
    [{ exitCode: 139 }, 'SIGSEGV'],
    [{ exitCode: 137 }, 'SIGKILL'],
    [{ exitCode: 255 }, 'signal 127'],
  ])('fault 21: %j is named', (outcome, signal) => {
    expect(explained(outcome)).toMatchObject({
      code: 'environment',
      message: `mkfs.erofs crashed on this layer (${signal})`,
    });
  });
});

describe('a program beyond its limits', () => {
  test.each([{ killedBy: 'SIGXCPU' as const }, { exitCode: 152 }])(
    'fault 76: processor time, %j',
    (outcome) => {
      expect(explained(outcome)).toMatchObject({
        code: 'environment',
        message: 'mkfs.erofs needs more than 8 s of processor time for this layer',
        remedy: 'Build the layer with fewer files and folders, or set builder to native, or raise timeout',
      });
      expect(explained(outcome, false).message).toContain('crashed on this layer (SIGXCPU)');
    },
  );

  test('fault 76: memory', () => {
    const stderr = '<E> erofs: \tCould not format the device : [Error 12] Cannot allocate memory';
    expect(explained({ exitCode: 1, stderr })).toMatchObject({
      code: 'environment',
      message: 'mkfs.erofs needs more than 160 MiB of memory for this layer',
      remedy: 'Build the layer with fewer files and folders, or set builder to native',
    });
  });
});
