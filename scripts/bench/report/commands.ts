import * as names from '../cases/names.ts';
import { IMAGE_TITLES, type ImageName, sizeOf } from '../data/images.ts';
import { HASHING, NODE, START } from '../floors/parts.ts';
import { spread } from '../measure/statistics.ts';
import { EXPORTING, OURS, type Results } from '../results.ts';
import { number, range, seconds, times } from './cells.ts';
import { toFloor } from './signing.ts';
import type { Table } from './table.ts';

const MB = 1e6;
const THOUSANDS = new Intl.NumberFormat('en');

const imageOf = (name: string): string => IMAGE_TITLES[name.split('/')[1] as ImageName] ?? name;
const of = (results: Results, part: string): string[] =>
  results.all.map(({ name }) => name).filter((name) => name.startsWith(`${part}/`));

export function caches(results: Results): Table {
  const rows = [...of(results, 'cache'), ...of(results, 'export')].flatMap((name) => {
    const other = name.startsWith('cache/') ? names.BUILD_CACHE : OURS;
    const [own, theirs] = [EXPORTING, other].map((who) => seconds(results, name, who));
    return [[imageOf(name), own ?? '', other, theirs ?? '', times(results.ratio(name, EXPORTING, other))]];
  });
  const head = ['Image', 'Signing with export-dir', 'Compared with', 'Seconds', 'Ratio'];
  return { title: "Filling containerd's layer cache: seconds", head, rows };
}

/** Verifying a signed image, beside signing it. */
export function commands(results: Results, cores: number): Table {
  const rows = of(results, 'verify').flatMap((name) => {
    const signed = `${name.slice('verify/'.length)}/containerd`;
    return [OURS, names.VERIFY, names.VERIFY_SIGNATURES]
      .filter((who) => results.values(name, who).length > 0)
      .map((who) => {
        const label = `${imageOf(name)}: \`${who === OURS ? 'sign' : who}\``;
        // Without the layers' bytes there is no floor.
        const floors = who === names.VERIFY_SIGNATURES ? '–' : toFloor(results, name, who, cores, signed);
        return [label, seconds(results, name, who), floors, times(results.ratio(name, who, OURS))];
      });
  });
  return { title: 'Verifying: seconds', head: ['What', 'Seconds', '× the floor', 'To signing'], rows };
}

export function registries(results: Results): Table {
  const rows = of(results, 'registry').flatMap((name) => {
    const layers = results.get(name)?.layers.length ?? Number.NaN;
    return [names.FROM_REGISTRY, names.GATE, names.VERIFY_REGISTRY]
      .filter((who) => results.values(name, who).length > 0)
      .map((who) => {
        const processes = results.median(name, who, 'processes');
        const each = processes / layers;
        const counts = [number(processes, 0), number(each, 1)];
        return [`${imageOf(name)}: ${who}`, seconds(results, name, who), ...counts];
      });
  });
  const head = ['What', 'Seconds', 'oras processes', 'Per layer'];
  return { title: 'Images in a registry on the same machine', head, rows };
}

/** The Notary Project's prototype. */
export function notation(results: Results): Table {
  const rows = of(results, 'notation').map((name) => {
    const [own, theirs] = [names.FROM_REGISTRY, names.NOTATION].map((who) => seconds(results, name, who));
    return [
      imageOf(name),
      own ?? '',
      theirs ?? '',
      times(results.ratio(name, names.FROM_REGISTRY, names.NOTATION)),
    ];
  });
  const head = ['Image', 'verity-sign', names.NOTATION, 'Ratio'];
  return { title: 'Signing in a registry, containerd-tar-index: seconds', head, rows };
}

export function entries(results: Results): Table {
  const rows = of(results, 'entries').map((name) => {
    const others = [names.MKFS_AND_HASHES, names.MKFS_EROFS].flatMap((who) => [
      processor(results, name, who),
      times(results.ratio(name, names.ROOT_HASH, who, 'processor')),
    ]);
    const memory = [names.ROOT_HASH, names.MKFS_EROFS].map((who) =>
      number(results.most(name, who, 'treeMemory') / MB, 0),
    );
    const count = THOUSANDS.format(Number(name.split('/')[1]));
    return [count, processor(results, name, names.ROOT_HASH), ...others, ...memory];
  });
  const others = [names.MKFS_AND_HASHES, `${names.MKFS_EROFS} alone`].flatMap((who) => [who, 'Ratio']);
  const head = ['Entries', names.ROOT_HASH, ...others, 'Memory, MB', "mkfs.erofs', MB"];
  return { title: 'Many small files: seconds of processor time', head, rows };
}

function processor(results: Results, name: string, who: string): string {
  return range(spread(results.values(name, who, 'processor')), 2);
}

export function trees(results: Results): Table {
  const rows = of(results, 'tree').map((name) => {
    const [, image = '', blockSize = ''] = name.split('/');
    const compared = results.ratio(name, 'veritysetup', 'hash tree');
    const [tree, other] = ['hash tree', 'veritysetup'].map((who) => seconds(results, name, who));
    return [`${sizeOf(image)}, blocks of ${blockSize}`, tree ?? '', other ?? '', times(compared)];
  });
  return {
    title: 'Hash tree alone: seconds',
    head: ['Image', 'This project', 'veritysetup format', 'Throughput to it'],
    rows,
  };
}

export function starts(results: Results): Table {
  const rows = [NODE, names.HELP, names.TINY]
    .filter((who) => results.values(START, who).length > 0)
    .map((who) => {
      const [wall, processor] = (['seconds', 'processor'] as const).map((field) =>
        range(spread(results.values(START, who, field).map((value) => value * 1000)), 0),
      );
      return [`\`${who}\``, wall ?? '', processor ?? ''];
    });
  return { title: 'Start: milliseconds', head: ['What', 'Time', 'Processor time'], rows };
}

/** OpenSSL's SHA-256 on one thread. */
export function hashing(results: Results): Table {
  const rows = Object.keys(results.get(HASHING)?.samples ?? {}).map((who) => [
    who,
    number(1 / results.median(HASHING, who), 2),
  ]);
  return { title: 'SHA-256 on one thread: GB per second', head: ['What', 'GB per second'], rows };
}
