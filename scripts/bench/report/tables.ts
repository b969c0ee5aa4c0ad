import { sizeOf } from '../data/images.ts';
import { type Limit, limitRows } from '../limits.ts';
import { spread } from '../measure/statistics.ts';
import type { Setting } from '../requirements.ts';
import { inFlight, NATIVE, OURS, type Results } from '../results.ts';
import { number, range, seconds, times, title } from './cells.ts';
import type { Table } from './table.ts';

const MB = 1e6;

/** All tables of a run, without those that have no rows. */
export function tables(results: Results, setting: Setting, cores: number): Table[] {
  return [
    limits(limitRows(results, cores)),
    images(results),
    spaces(results, cores),
    floors(results),
    trees(results),
    starts(results),
    { title: 'Machine and versions', head: ['What', 'Value'], rows: setting },
  ].filter(({ rows }) => rows.length > 0);
}

function limits(rows: readonly Limit[]): Table {
  return {
    title: 'Limits',
    head: ['What', 'Limit', 'Measured', 'Met'],
    rows: rows.map(({ what, limit, measured, met }) => [
      what,
      limit,
      measured,
      met === undefined ? '–' : met ? 'yes' : '**no**',
    ]),
  };
}

function images(results: Results): Table {
  const rows = signed(results).map((name) => {
    const shell = (order: string): string[] => {
      const contestant = `shell, ${order}`;
      return [seconds(results, name, contestant), times(results.ratio(name, OURS, contestant))];
    };
    const native = [seconds(results, name, NATIVE), times(results.ratio(name, NATIVE, OURS))];
    const own = [seconds(results, name, OURS), ...native];
    return [title(name), ...own, ...shell('sequential'), ...shell('parallel')];
  });
  const head = ['Image', OURS, 'native', 'To mkfs', 'Shell, sequential', 'Ratio', 'Shell, parallel', 'Ratio'];
  return { title: 'Signing images: seconds, and verity-sign to the shell pipeline', head, rows };
}

function spaces(results: Results, cores: number): Table {
  const rows = signed(results).map((name) => {
    const most = (contestant: string, field: 'ownMemory' | 'treeMemory' | 'disk'): number =>
      results.most(name, contestant, field) / MB;
    const erofs = inFlight(results.get(name)?.erofsSizes ?? [], cores) / MB;
    const used = [
      most(OURS, 'ownMemory'),
      most(OURS, 'treeMemory'),
      most(NATIVE, 'treeMemory'),
      most('shell, sequential', 'treeMemory'),
    ];
    return [title(name), ...[...used, most(OURS, 'disk'), erofs].map((value) => number(value, 0))];
  });
  const head = ['Image', 'Process', 'With children', 'Native', 'Shell pipeline', 'Disk', 'EROFS in flight'];
  return { title: 'Peak memory and disk of signing, MB', head, rows };
}

const FLOORS: Readonly<Record<string, string>> = {
  inflate: 'decompression in Node',
  sha256: 'SHA-256 of blobs and tars, one thread',
  'mkfs.erofs': 'mkfs.erofs',
};

function floors(results: Results): Table {
  const rows = signed(results).flatMap((name) =>
    Object.entries(FLOORS)
      .filter(([floor]) => results.values(name, floor).length > 0)
      .map(([floor, what]) => [
        `${title(name)}: ${what}`,
        seconds(results, name, floor),
        times(results.ratio(name, OURS, floor)),
      ]),
  );
  return { title: 'Floors: parts of the work alone', head: ['What', 'Seconds', 'verity-sign to it'], rows };
}

function trees(results: Results): Table {
  const rows = results.all
    .filter(({ name }) => name.startsWith('tree/'))
    .map(({ name }) => {
      const [, image = '', blockSize = ''] = name.split('/');
      const compared = results.ratio(name, 'veritysetup', 'hash tree');
      const [tree, other] = ['hash tree', 'veritysetup'].map((who) => seconds(results, name, who));
      return [`${sizeOf(image)}, blocks of ${blockSize}`, tree ?? '', other ?? '', times(compared)];
    });
  return {
    title: 'Hash tree alone',
    head: ['Image', 'This project', 'veritysetup format', 'Throughput to it'],
    rows,
  };
}

function starts(results: Results): Table {
  const rows = ['node', '--help']
    .filter((who) => results.values('start', who).length > 0)
    .map((who) => {
      const all = results.values('start', who).map((value) => value * 1000);
      return [who === 'node' ? 'Node with nothing to do' : '`verity-sign --help`', range(spread(all), 0)];
    });
  return { title: 'Start', head: ['What', 'Milliseconds'], rows };
}

function signed(results: Results): string[] {
  return results.all.map(({ name }) => name).filter((name) => results.values(name, OURS).length > 0);
}
