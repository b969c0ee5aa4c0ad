/** Commands for nodes. */
import { type Declaration, IMAGES } from './declaration.ts';

export const IPE_POLICY: Declaration = {
  name: 'ipe-policy',
  description: 'Make a signed IPE policy that allows the layers of verified images, or check one',
  argument: ['[image...]', IMAGES],
  examples: `
Examples:
  verity-sign ipe-policy registry.example/app:1.0 --name app --out policies \\
      --base node.ipe --key policy.key --certificate policy.pem \\
      --trusted-certificate root.pem
  verity-sign ipe-policy registry.example/app:1.0 registry.example/db:2.1 \\
      --name fleet --policy-version 1.4.0 --out policies --base node.ipe \\
      --key awskms:///alias/policy --certificate policy.pem \\
      --trusted-certificate root.pem --push-to registry.example/policies:fleet
  verity-sign ipe-policy registry.example/app:1.1 --check policies/app.p7b \\
      --trusted-certificate root.pem`,
};

export const EXPORT: Declaration = {
  name: 'export',
  description:
    "Write verified layers with their hash trees into containerd's layer cache, so that nodes convert nothing",
  argument: ['[image...]', `${IMAGES}; the last word is the folder of the cache`],
  usage: '[options] [image...] <dir>',
  examples: `
Examples:
  verity-sign export registry.example/app:1.0 /srv/layer-cache \\
      --trusted-certificate root.pem --profile containerd,containerd-cache
  verity-sign export oci:./layout:app oci:./layout:base ./cache \\
      --trusted-certificate root.pem --report exported.json`,
};

export const FETCH: Declaration = {
  name: 'fetch',
  description:
    'Write verified signatures as files for veritysetup, and open layers with them; containerd uses no such devices',
  argument: ['[image...]', `${IMAGES}; the last word is the folder for the signatures`],
  usage: '[options] [image...] <dir>',
  examples: `
Examples:
  verity-sign fetch registry.example/app:1.0 /etc/verity-sign/signatures \\
      --trusted-certificate root.pem
  verity-sign fetch registry.example/app:1.0 ./signatures \\
      --trusted-certificate root.pem \\
      --open /var/lib/containerd/io.containerd.snapshotter.v1.erofs --run`,
};

export const NODE_KIT: Declaration = {
  name: 'node-kit',
  description: 'Write a folder with what a node needs to enforce verified images, and the steps',
  argument: ['[image...]', `${IMAGES}; the last word is the folder of the kit`],
  usage: '[options] [image...] <dir>',
  examples: `
Examples:
  verity-sign node-kit registry.example/app:1.0 ./kit --name app \\
      --base node.ipe --key policy.key --certificate policy.pem \\
      --trusted-certificate root.pem
  verity-sign node-kit registry.example/app:1.0 registry.example/db:2.1 ./kit \\
      --name fleet --profile containerd-cache --base node.ipe \\
      --key awskms:///alias/policy --certificate policy.pem \\
      --trusted-certificate root.pem`,
};

export const DOCTOR: Declaration = {
  name: 'doctor',
  description: 'Look whether a node makes the signed images of layers, and enforces them; changes nothing',
  argument: ['[image]', 'image that the node is to run, as for verify'],
  examples: `
Examples:
  sudo verity-sign doctor
  sudo verity-sign doctor registry.example/app:1.0 \\
      --trusted-certificate root.pem
  verity-sign doctor --root ./copy-of-node --profile containerd-cache \\
      --output json`,
};

export const PREFLIGHT: Declaration = {
  name: 'preflight',
  description:
    'Boot signed images in a VM whose kernel enforces the signatures, and report what it refuses and denies',
  argument: ['[image...]', IMAGES],
  examples: `
Examples:
  verity-sign preflight registry.example/app:1.0 --alive 10s \\
      --trusted-certificate root.pem
  verity-sign preflight oci:./layout:app --trusted-certificate root.pem \\
      --command 'nginx -t' --report preflight.json
  verity-sign preflight registry.example/app:1.0 --static \\
      --trusted-certificate root.pem --kernel /boot/vmlinuz-6.12.0 \\
      --modules /lib/modules/6.12.0`,
};
