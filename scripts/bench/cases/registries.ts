import { join } from 'node:path';
import { run } from '../../../src/lib/process/run.ts';
import type { ImageName } from '../data/images.ts';
import { CLI, environment } from '../peers/contestant.ts';
import { NOTATION_PROGRAM, notationSigns, withChain } from '../peers/notation.ts';
import { signArguments } from '../peers/ours.ts';
import { gates, push, Repositories, signsInRegistry, verifiesInRegistry } from '../peers/registry.ts';
import { startRegistry } from '../registry.ts';
import { type Case, layersOf, sizesOf } from './case.ts';

/** Signing and verifying an image in a registry on the same machine, and pushing one through the gate. */
export function registryCase(image: ImageName): Case {
  return {
    name: `registry/${image}`,
    needs: ['oras', 'referrers-registry'],
    sizes: ({ cache }) => sizesOf(image, 'gzip', cache),
    async contestants({ cache, pki, defer }, folder) {
      const layers = await layersOf(image, cache);
      const task = { layers, form: 'gzip', profile: 'containerd', pki } as const;
      const registry = await startRegistry('referrers-api', join(folder, 'registry'));
      defer(registry.stop);
      const repositories = new Repositories(registry.host);
      const own = join(folder, 'signed');
      const signed = await push(task, repositories, own);
      const argv = signArguments(task, signed, own);
      await run([process.execPath, CLI, ...argv, '--plain-http'], { env: environment(own) });
      return [
        signsInRegistry(task, repositories),
        gates(task, repositories),
        verifiesInRegistry(task, signed),
      ];
    },
  };
}

/** Signing an image in a registry, by this project and by the Notary Project's prototype. */
export function notationCase(image: ImageName): Case {
  return {
    name: `notation/${image}`,
    needs: ['oras', 'docker-registry', NOTATION_PROGRAM],
    optional: true,
    async contestants({ cache, pki, defer }, folder) {
      const layers = await layersOf(image, cache);
      const chain = await withChain(pki, folder);
      const task = { layers, form: 'gzip', profile: 'containerd-tar-index', pki: chain } as const;
      const registry = await startRegistry('tls', join(folder, 'registry'));
      defer(registry.stop);
      const repositories = new Repositories(registry.host, registry.certificate);
      // notation signs the manifest as well.
      const manifest = ['--manifest-signature', 'jws'];
      return [signsInRegistry(task, repositories, manifest), notationSigns(task, repositories)];
    },
  };
}
