import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Entry, fileCapability } from '../../../scripts/demo-image/tar-writer.ts';
import { compileStatic } from '../../../scripts/kernel/initramfs.ts';
import { toolPath } from '../../helpers/tools.ts';
import { makeLayer, type TestLayer } from './layers.ts';

const SOURCE = fileURLToPath(new URL('misbehave.c', import.meta.url));
const PASSWD = ['root:x:0:0:root:/root:/bin/sh', 'alice:x:1000:1001:A:/home/alice:/bin/sh', ''].join('\n');
const GROUP = ['root:x:0:', 'alice:x:1001:', 'friends:x:7:bob,alice', 'staff:x:50:', ''].join('\n');
const CAP_NET_RAW = 13;
/** An ELF file of the smallest kind that the list knows: a shared library without segments. */
const LIBRARY = Buffer.concat([
  Buffer.from('7f454c46020101000000000000000000', 'hex'),
  Buffer.from([3, 0, 62, 0]),
  Buffer.alloc(4096),
]);

const text = (content: string) => Buffer.from(content);

/** Three layers with programs, lowest first. */
export async function testImage(folder: string): Promise<TestLayer[]> {
  const misbehave = join(folder, 'misbehave');
  await compileStatic([SOURCE], misbehave);
  const busybox = await readFile(toolPath('busybox'));
  const base: Entry[] = [
    { path: 'bin/' },
    { path: 'bin/busybox', mode: 0o755, bytes: busybox },
    { path: 'bin/sh', link: { type: 'symbolic', target: 'busybox' } },
    { path: 'bin/misbehave', mode: 0o755, bytes: await readFile(misbehave) },
    {
      path: 'bin/ping',
      mode: 0o4755,
      bytes: busybox,
      xattrs: { 'security.capability': fileCapability(CAP_NET_RAW) },
    },
    { path: 'etc/' },
    { path: 'etc/passwd', bytes: text(PASSWD) },
    { path: 'etc/group', bytes: text(GROUP) },
    { path: 'home/' },
    { path: 'home/alice/', owner: { uid: 1000, gid: 1001 } },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'opt/' },
    { path: 'opt/removed', mode: 0o755, bytes: text('#!/bin/sh\n') },
    { path: 'opt/replaced', mode: 0o755, bytes: text('#!/bin/sh\necho old\n') },
    { path: 'opt/folder/' },
    { path: 'opt/folder/below', mode: 0o755, bytes: text('#!/bin/sh\n') },
  ];
  const middle: Entry[] = [
    { path: 'lib/' },
    { path: 'lib/libx.so.1', bytes: LIBRARY },
    { path: 'lib/text.so', bytes: text('INPUT(libx.so.1)') },
    { path: 'lib/data', mode: 0o755, bytes: text('data') },
    { path: 'lib/naïve "\\\n', mode: 0o755, bytes: text('#! /bin/sh -e \r\n') },
  ];
  const top: Entry[] = [
    { path: 'opt/' },
    { path: 'opt/.wh.removed' },
    { path: 'opt/.wh.never' },
    { path: 'opt/replaced', mode: 0o755, bytes: text('#!/usr/bin/env sh\necho new\n') },
    { path: 'opt/folder/' },
    { path: 'opt/folder/.wh..wh..opq' },
    { path: 'opt/folder/own', mode: 0o755, bytes: text('#!/bin/sh\n') },
  ];
  const layers: TestLayer[] = [];
  for (const [index, entries] of [base, middle, top].entries()) {
    layers.push(await makeLayer(folder, `image-${index}`, entries));
  }
  return layers;
}
