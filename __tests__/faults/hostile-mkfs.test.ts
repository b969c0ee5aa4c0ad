/**
 * A mkfs.erofs that a layer has taken over: a stand-in tries the network, files, processes, privileges and
 * memory, in the three ways in which mkfs.erofs gets uid 0. The layer is refused, and nothing is left.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Confinement } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import {
  compileHostileMkfs,
  hostilePlace,
  hostileTar,
  openFile,
  openText,
  outcomes,
  processNames,
} from '../helpers/stand-ins/hostile-mkfs.ts';
import { commandLine, type Ended, start } from '../helpers/stand-ins/start.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { powerlessNamespaceWay, type UserWay, userWays } from '../helpers/users.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const CLI = programPath('cli');
const folder = testFolder(0o755);
const ways = userWays(folder);
/** Only a real root can become nobody, whose processes are counted. */
const ROOT = process.geteuid?.() === 0;
const ABSTRACT = `verity-sign-test-${process.pid}`;

let program: string;
let servers: Server[];
let port = 0;
/** Accepted connections. */
let connections = 0;
let key: string;
let certificate: string;

beforeAll(async () => {
  mkdirSync(join(folder, 'program'), { mode: 0o755 });
  program = await compileHostileMkfs(join(folder, 'program'));
  const listening = (where: object): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        connections += 1;
        socket.destroy();
      });
      server.listen(where, () => resolve(server));
    });
  servers = [
    await listening({ host: '127.0.0.1', port: 0 }),
    await listening({ path: `\0${ABSTRACT}` }),
    await listening({ path: join(folder, 'socket'), readableAll: true, writableAll: true }),
  ];
  const address = servers[0]?.address();
  if (typeof address === 'object') port = address?.port ?? 0;
  const leaf = (await pki()).leaf('p256');
  key = openFile(join(folder, 'signer.key'), leaf.keyPath);
  certificate = openFile(join(folder, 'signer.pem'), leaf.chainPath);
});
afterAll(() => {
  for (const server of servers) server.close();
});

let places = 0;
interface Run {
  own: string;
  layout: string;
  ended: Ended;
}

/** Signs an image whose only layer makes the program try this. The image stays as it was. */
async function signHostile(
  way: UserWay,
  attempts: readonly string[],
  options: Record<string, string> = {},
): Promise<Run> {
  places += 1;
  const own = join(folder, `run-${places}`);
  const layout = await hostilePlace(own, attempts);
  openText(join(own, 'home-file'), 'private');
  const argv = commandLine('sign', `oci:${layout}`, {
    builder: 'mkfs',
    'mkfs-path': program,
    'temp-dir': join(own, 'temp'),
    key,
    certificate,
    ...options,
  });
  const before = readFileSync(join(layout, 'index.json'), 'utf8');
  const ended = await start(way, own, [CLI, ...argv], {});
  expect(readFileSync(join(layout, 'index.json'), 'utf8')).toBe(before);
  expect(readdirSync(join(own, 'temp'))).toEqual([]);
  return { own, layout, ended };
}

/** The line that ends a run. */
function lastLine({ output }: Ended): string {
  return output.trimEnd().split('\n').at(-1) ?? '';
}

/** The report and the messages of a dry run with the real program, on an image whose root hash is known. */
async function signVector(way: UserWay): Promise<SignReport & { output: string }> {
  const own = join(folder, `run-${++places}`);
  mkdirSync(own);
  await writeVectorImage(join(own, 'layout'), ['simple-gzip']);
  mkdirSync(join(own, 'temp'));
  for (const path of [own, join(own, 'temp')]) chmodSync(path, 0o777);
  const argv = commandLine('sign', `oci:${join(own, 'layout')}`, {
    builder: 'mkfs',
    'mkfs-path': toolPath('mkfs.erofs'),
    'temp-dir': join(own, 'temp'),
    report: join(own, 'report.json'),
    timeout: '60s',
    'max-layer-size': '1GiB',
  });
  const { status, output } = await start(way, own, [CLI, ...argv, '--dry-run'], {});
  expect([status, output]).toEqual([0, expect.any(String)]);
  const [report] = JSON.parse(readFileSync(join(own, 'report.json'), 'utf8')) as [SignReport];
  const { rootHash } = vectors().find(({ name }) => name === 'simple-gzip')?.profiles.containerd ?? {};
  expect(report.artifacts[0]?.layers[0]?.rootHash).toBe(rootHash);
  return { ...report, output };
}

describe.each(ways)('$name', (way) => {
  test('fault 75: no network, no file but its own, no process, no privileges', async () => {
    const own = join(folder, `run-${places + 1}`);
    const secrets = ['/etc/shadow', '/etc/passwd', '/proc/1/environ', '/proc/self/environ', key];
    const targets = ['/tmp', '/usr/bin', '/run', '/', own, join(own, 'temp'), join(own, 'layout')];
    const attempts = [
      ...['facts', 'capabilities', 'list /', 'list /run/confined', 'write-own'],
      ...[`tcp ${port}`, `local @${ABSTRACT}`, `local ${join(folder, 'socket')}`],
      ...[...secrets, join(own, 'home-file'), join(own, 'layout/index.json')].map((path) => `read ${path}`),
      ...targets.map((path) => `write ${path}`),
      ...[`kill ${process.pid}`, `ptrace ${process.pid}`, 'ptrace 1', 'list /proc'],
      ...['user-namespace', 'setuid-file', 'setuid 1001', 'mount /', 'chroot /usr', 'hostname', 'device'],
    ];
    connections = 0;
    const { ended } = await signHostile(way, attempts);
    expect(ended.status).toBe(4);
    const found = outcomes(ended.output);
    expect(found.facts).toMatch(/^uid 0, gid 0, pid ([2-9]|\d\d), no new privileges 1$/);
    expect(found.capabilities).toBe('done');
    expect(ended.output).toContain('capabilities: 00 00');
    const listed = (path: string): string[] =>
      (ended.output.split(`list ${path}: `)[1] ?? '').split(' | ', 1).join().trim().split(' ').sort();
    const top = listed('/');
    expect(top).toEqual(expect.arrayContaining(['dev', 'etc', 'run', 'usr']));
    for (const name of ['tmp', 'home', 'root', 'proc', 'sys', 'var', 'srv', 'mnt'])
      expect(top).not.toContain(name);
    const mine = listed('/run/confined');
    expect(mine).toEqual([expect.stringMatching(/^[0-9a-f]{32}-0-[0-9a-f-]{36}\.erofs$/), 'program', 'tmp']);
    expect(found).toMatchObject({
      'write-own': 'done',
      [`tcp ${port}`]: 'ENETUNREACH',
      [`local @${ABSTRACT}`]: 'ECONNREFUSED',
      [`local ${join(folder, 'socket')}`]: 'ENOENT',
      [`kill ${process.pid}`]: 'ESRCH',
      [`ptrace ${process.pid}`]: 'ESRCH',
      'ptrace 1': 'EPERM',
      'list /proc': 'ENOENT',
      'user-namespace': 'EPERM',
      'setuid-file': 'EACCES',
      'setuid 1001': 'EINVAL',
      'mount /': 'EPERM',
      'chroot /usr': 'EPERM',
      hostname: 'EPERM',
      device: 'EPERM',
    });
    for (const attempt of attempts.filter((one) => one.startsWith('read '))) {
      expect([attempt, found[attempt]]).toEqual([attempt, 'ENOENT']);
    }
    for (const attempt of attempts.filter((one) => one.startsWith('write '))) {
      expect([attempt, found[attempt]]).toEqual([attempt, expect.stringMatching(/^(ENOENT|EROFS)$/)]);
    }
    expect(connections).toBe(0);
  });

  test('fault 75: it cannot fork without end, and nothing that it forked stays', async () => {
    const name = `fk${process.pid}-${places}`;
    const { ended } = await signHostile(way, [`forks ${name}`, `orphan ${name}`]);
    expect(ended.status).toBe(4);
    const counted = ROOT || way.name.includes('namespace');
    if (counted) expect(Number(/forks: (\d+) EAGAIN/.exec(ended.output)?.[1])).toBeLessThan(9);
    expect(processNames()).not.toContain(name);
  });

  test('fault 75: a hang ends at the timeout, with all that it forked', async () => {
    const name = `hg${process.pid}-${places}`;
    const attempts = [`orphan ${name}`, `hang ${name}`];
    const { ended } = await signHostile(way, attempts, { timeout: '4s' });
    expect(ended.status).toBe(4);
    expect(lastLine(ended)).toMatch(/timed out after 4 s|did not finish within 4 s/);
    // sudo waits until the program is dead; the signal comes 2 s after the request.
    for (let waited = 0; waited < 5000 && processNames().includes(name); waited += 100) await setTimeout(100);
    expect(processNames()).not.toContain(name);
  });

  test('fault 75: 2 GB are not given, private or shared', async () => {
    const attempts = [`memory ${2 ** 31}`, `shared-memory ${2 ** 31}`, 'out-of-memory'];
    const { ended } = await signHostile(way, attempts);
    expect(ended.status).toBe(4);
    expect(lastLine(ended)).toMatch(
      /: mkfs\.erofs needs more than 160 MiB of memory for this layer\. Build the layer/,
    );
    const shown = await signHostile(way, attempts.slice(0, 2));
    expect(outcomes(shown.ended.output)).toMatchObject({
      [`memory ${2 ** 31}`]: 'ENOMEM',
      [`shared-memory ${2 ** 31}`]: 'ENOMEM',
    });
  });

  test('fault 75: processor time and the size of files are limited', async () => {
    const spin = await signHostile(way, ['spin'], { timeout: '20s' });
    expect(spin.ended.status).toBe(4);
    expect(lastLine(spin.ended)).toMatch(
      /needs more than 2 s of processor time for this layer\. Build the layer/,
    );
    const huge = await signHostile(way, ['huge-file']);
    expect(outcomes(huge.ended.output)).toMatchObject({ 'huge-file': 'EFBIG' });
  });

  test('fault 75: the report says how it was confined', async () => {
    const mapped = way.name.includes('namespace');
    const { tools, builder, output } = await signVector(way);
    const expected: Confinement = {
      noNewPrivileges: true,
      capabilities: 'none',
      network: false,
      pidNamespace: true,
      filesystem: 'own view',
      user: ROOT && !mapped ? 'nobody' : 'caller',
      limits: {
        memory: 160 * 2 ** 20,
        processorSeconds: 2,
        fileSize: 2 ** 42 + 2 ** 30,
        ...(ROOT || mapped ? { processes: 8 } : {}),
      },
    };
    expect(tools).toEqual({ confinement: expected });
    expect(builder).not.toHaveProperty('confinement');
    expect(output).not.toContain('not fully confined');
  });
});

test.each(ways.filter(({ name }) => !name.includes('sudo')))(
  'fault 75: it does not survive verity-sign, $name',
  async (way) => {
    const name = `sv${process.pid}-${places}`;
    const own = join(folder, `run-${++places}`);
    const layout = await hostilePlace(own, [`orphan ${name}`, `hang ${name}`]);
    const argv = commandLine('root-hash', `oci:${layout}`, {
      builder: 'mkfs',
      'mkfs-path': program,
      'temp-dir': join(own, 'temp'),
    });
    const killed = start(way, own, [CLI, ...argv], {}, () => processNames().includes(name));
    await killed;
    for (let waited = 0; waited < 5000 && processNames().includes(name); waited += 100) await setTimeout(100);
    expect(processNames()).not.toContain(name);
  },
);

/** A folder for the fakes of one machine. */
function machine(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

test('sudo is preferred to a user namespace in which nothing can be confined', async () => {
  const { builder, tools } = await signVector(powerlessNamespaceWay(machine('powerless')));
  expect(builder).toMatchObject({ kind: 'mkfs', privilege: 'sudo' });
  expect(tools?.confinement).toMatchObject({ filesystem: 'own view', network: false, capabilities: 'none' });
});

test.each(userWays(machine('weak'), false))(
  'a machine that cannot confine it makes the same image, and says so, $name',
  async (way) => {
    const { tools, output } = await signVector(way);
    expect(tools?.confinement).toEqual({
      noNewPrivileges: false,
      capabilities: 'all',
      network: true,
      pidNamespace: false,
      filesystem: 'whole',
      user: 'caller',
    });
    expect(output).toMatch(
      /warning: mkfs\.erofs is not fully confined: it can use the network, .* not limited/,
    );
  },
);

test('the stand-in finds and does what is possible where it is not confined', async () => {
  const own = join(folder, 'unconfined');
  await hostilePlace(own, ['facts']);
  connections = 0;
  const attempts = [
    ...[`tcp ${port}`, `local @${ABSTRACT}`, `local ${join(folder, 'socket')}`],
    ...[`read ${key}`, 'read /proc/self/environ', `write ${own}`, `memory ${2 ** 28}`, 'list /proc'],
  ];
  const child = spawn(program, ['-U', 'layer', 'out'], {
    cwd: own,
    env: toolEnvironment({ TMPDIR: join(own, 'temp') }),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.end(hostileTar(attempts));
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  const found = outcomes(output);
  expect(attempts.map((attempt) => [attempt, found[attempt]])).toEqual(
    attempts.map((attempt) => [attempt, 'done']),
  );
  await setTimeout(50);
  expect(connections).toBe(3);
});
