import { SHELL_PEERS } from '../results.ts';
import { cacheCase, exportCase } from './caches.ts';
import type { Case } from './case.ts';
import { manyEntriesCase } from './entries.ts';
import { imageCase, type Peers } from './images.ts';
import { ENTRIES } from './names.ts';
import { notationCase, registryCase } from './registries.ts';
import { HASHINGS, STARTS } from './starts.ts';
import { treeCase } from './trees.ts';
import { verifyCase } from './verifying.ts';

const BLOCK_SIZES = [4096, 512] as const;
const FORMS = ['gzip', 'zstd', 'plain'] as const;
/** Their work differs little from that of the first profile, so two rows each are enough. */
const OTHER_PROFILES = ['containerd-cache', 'containerd-tar-index'] as const;

const ALL: Peers = { shells: SHELL_PEERS, mkfs: true };
const SHELL: Peers = { floor: false };
const SHELLS: Peers = { shells: ['shell', 'shell without digests'] };

/** A round with 4 GB takes about a minute. */
const few = (asked: number): number => Math.min(asked, 2);

/** All cases, in the order in which they run; those of 4 GB only if `large`. */
export function cases(large: boolean): Case[] {
  return [
    STARTS,
    HASHINGS,
    cacheCase('mixed-8'),
    ...FORMS.map((form) => imageCase('small-20', form, 'containerd', ALL)),
    ...FORMS.map((form) => imageCase('mixed-8', form, 'containerd', ALL)),
    ...OTHER_PROFILES.map((profile) => imageCase('mixed-8', 'gzip', profile, SHELL)),
    imageCase('one-1MB', 'gzip', 'containerd', SHELLS),
    imageCase('one-25MB', 'gzip', 'containerd', SHELLS),
    ...FORMS.map((form) => imageCase('one-224MB', form, 'containerd', ALL)),
    ...OTHER_PROFILES.map((profile) => imageCase('one-224MB', 'gzip', profile, SHELL)),
    imageCase('one-1GB', 'gzip', 'containerd', { ...SHELLS, floor: false }),
    ...(['one-224MB', 'one-1GB'] as const).flatMap((image) =>
      BLOCK_SIZES.map((blockSize) => treeCase(image, blockSize)),
    ),
    ...(['mixed-8', 'one-1GB'] as const).map(exportCase),
    verifyCase('mixed-8', 'gzip'),
    verifyCase('small-20', 'gzip'),
    registryCase('mixed-8'),
    registryCase('small-20'),
    notationCase('mixed-8'),
    ...ENTRIES.map(manyEntriesCase),
    ...(large ? [{ ...imageCase('one-4GB', 'gzip', 'containerd', SHELL), rounds: few }] : []),
  ];
}
