/** The registries of `.tools/bin`, which the demo starts too. */
export {
  type LocalRegistry as TestRegistry,
  type RegistryKind,
  type RegistryOptions,
  startRegistry,
} from '../../scripts/tools/registry-server.ts';
