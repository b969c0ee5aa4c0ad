/** Commands that sign and verify images, and those for keys. */
import { type Declaration, IMAGES } from './declaration.ts';

export const SIGN: Declaration = {
  name: 'sign',
  description: 'Sign every layer of images, their manifests, or both, and attach the signatures as referrers',
  argument: [
    '[image...]',
    'registry/repository:tag or @DIGEST, docker://…, oci:DIR, oci-archive:FILE, docker-daemon:NAME',
  ],
  examples: `
Examples:
  verity-sign sign registry.example/app:1.0 \\
      --key signer.key --certificate chain.pem
  verity-sign sign oci:./layout:app --report report.json \\
      --key env://SIGNING_KEY --certificate chain.pem
  verity-sign sign registry.example/app:1.0 --manifest-signature cose \\
      --key awskms:///alias/release --certificate chain.pem
  verity-sign sign registry.example/windows-app:1.0 --layers auto \\
      --manifest-signature jws --key signer.key --certificate chain.pem
  verity-sign sign registry.example/app@sha256:… --dry-run`,
};

export const ROOT_HASH: Declaration = {
  name: 'root-hash',
  description: 'Print the root hash of every layer of images, or of layer blobs in files; needs no key',
  argument: ['<source...>', 'image reference as for sign, or a file that contains one layer blob'],
  examples: `
Examples:
  verity-sign root-hash registry.example/app:1.0 --platform linux/arm64
  verity-sign root-hash layer.tar.gz --profile containerd-tar-index \\
      --output json`,
};

export const VERIFY: Declaration = {
  name: 'verify',
  description: 'Verify the signatures of every layer of images; needs no key',
  argument: ['[image...]', IMAGES],
  examples: `
Examples:
  verity-sign verify registry.example/app:1.0 --trusted-certificate root.pem
  verity-sign verify oci:./layout:app \\
      --trust-store release --signer-identity CN=release,O=Example
  verity-sign verify registry.example/app@sha256:… \\
      --trusted-certificate root.pem --recompute=false --output json`,
};

export const INSPECT: Declaration = {
  name: 'inspect',
  description: 'Show the signatures attached to images, their signers and profiles, without verifying them',
  argument: ['[image...]', IMAGES],
  examples: `
Examples:
  verity-sign inspect registry.example/app:1.0
  verity-sign inspect oci:./layout:app --output json`,
};

export const REMOVE: Declaration = {
  name: 'remove',
  description: "List one signer's signatures of images, and remove them with --yes; needs no key",
  argument: ['[image...]', IMAGES],
  examples: `
Examples:
  verity-sign remove registry.example/app:1.0 --signer FINGERPRINT
  verity-sign remove registry.example/app:1.0 --signer FINGERPRINT --yes
  verity-sign remove oci:./layout:app --signer FINGERPRINT \\
      --profile containerd --yes --report removed.json`,
};

export const CSR: Declaration = {
  name: 'csr',
  description: 'Make a certificate request with any key, or a self-signed certificate for tests',
  examples: `
Examples:
  verity-sign csr --key awskms:///alias/release \\
      --subject CN=release,O=Example,C=DE --out release.csr
  verity-sign csr --key signer.key --subject CN=test --self-signed --days 7`,
};
