import type { FetchReport } from '../../report/node/fetch-report.ts';
import { TOOL } from '../../report/tool.ts';
import { signaturePath } from '../shared/cache/signature-folder.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import type { OpenedLayer } from './open-layers.ts';
import type { FetchOptions } from './options.ts';

export function fetchReport(
  { image, opened: { oras } }: VerifiedImage,
  options: FetchOptions,
  rootHashes: readonly string[],
  opened: readonly OpenedLayer[],
): FetchReport {
  const { digest, mediaType } = image.root;
  const { folder, open } = options;
  return {
    schemaVersion: 1,
    tool: TOOL,
    image: { reference: options.image, name: image.name, digest, mediaType },
    verifiedProfiles: [...options.profiles],
    folder,
    ...(oras === undefined ? {} : { oras }),
    signatures: rootHashes.map((rootHash) => ({ rootHash, path: signaturePath(folder, rootHash) })),
    ...(open === undefined ? {} : { open: { folder: open, layers: opened.map(openedReport) } }),
  };
}

function openedReport({
  layer,
  device,
  state,
  command,
}: OpenedLayer): (FetchReport['open'] & object)['layers'][number] {
  const { path, rootHash, hashOffset } = layer;
  return { rootHash, path, hashOffset, device, state, command };
}
