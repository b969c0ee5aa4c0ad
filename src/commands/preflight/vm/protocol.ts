/**
 * What the host and the guest of preflight say to each other; the guest's side is scripts/preflight/guest.
 *
 * Host to guest: the job, a disk of NUL-terminated strings. Each record is a keyword and a fixed number of
 * values; JOB lists them. Bytes are in lowercase hexadecimal digits. Guest to host: one JSON object a line on
 * the report disk, up to the first NUL. Strings of a line have one character (U+0000 to U+00FF) for each byte.
 */
import * as z from 'zod';

/** Keyword of the job → its values, in the order in which the guest expects the records. */
export const JOB = {
  /** Always 1: another version is another guest. */
  version: ['number'],
  /** In the order of loading: path in the initramfs, parameters in one string, which may be empty. */
  module: ['path', 'parameters'],
  /** A signed IPE policy (PKCS#7 DER) to load and activate before any layer is opened. */
  policy: ['name', 'hex'],
  /**
   * Lowest layer first: the number in the image, the serial number of its disk, bytes before the dm-verity
   * superblock, the root hash, and the signature, which is empty if there is none.
   */
  layer: ['number', 'serial', 'hashOffset', 'rootHash', 'hex'],
  /** `1` brings up eth0 with QEMU's user network. */
  network: ['flag'],
  /** Executable files are listed and judged: `1` or `0`. */
  list: ['flag'],
  /** The program's arguments, environment (NAME=VALUE), user as the config has it, and working directory. */
  argument: ['text'],
  environment: ['text'],
  user: ['text'],
  directory: ['path'],
  /** Seconds: the program may run, and must have run to count as alive (0: it must end). */
  limits: ['time', 'alive'],
  /** Seconds: interval, time limit and start period of the health check, and its number of tries. */
  health: ['interval', 'timeout', 'startPeriod', 'retries'],
  /** Argument of the health check's program. */
  check: ['text'],
  /** Number of the layer of which a byte is changed. */
  tamper: ['number'],
  end: [],
} as const satisfies Record<string, readonly string[]>;

/** `OK`, or the name of an errno such as `ENOKEY`. */
const outcome = z.string().max(32);
const text = z.string().max(16_384);
const layerNumber = z.number().int().nonnegative();

/** What the guest reports. Layers are numbers of the image; layer null means that no layer has the file. */
export const guestEvent = z.discriminatedUnion('event', [
  /** First, with the modules loaded: release, dm-verity's require_signatures, IPE's enforce, as the kernel shows them. */
  z.object({ event: z.literal('kernel'), release: text, requireSignatures: text, ipeEnforce: text }),
  z.object({ event: z.literal('module'), path: text, outcome }),
  z.object({ event: z.literal('policy'), name: text, step: z.enum(['load', 'activate']), outcome }),
  /** The first step that failed, or `mount` with OK. `open` is where the signature is judged. */
  z.object({
    event: z.literal('layer'),
    layer: layerNumber,
    step: z.enum(['disk', 'open', 'mount']),
    outcome,
  }),
  z.object({ event: z.literal('overlay'), outcome }),
  /** In a layer: what hides lower layers, and whether the merged tree shows nothing below it. */
  z.object({
    event: z.literal('whiteout'),
    layer: layerNumber,
    path: text,
    kind: z.enum(['file', 'opaque']),
    effective: z.boolean(),
  }),
  /**
   * A file of the merged tree that a kernel could be asked to execute: it has an execute bit, or is ELF.
   * `outcome` is the kernel's answer to mapping it executable. `interpreter` of a script or an ELF program.
   */
  z.object({
    event: z.literal('file'),
    path: text,
    layer: layerNumber,
    kind: z.enum(['program', 'library', 'script', 'other']),
    mode: z.number().int(),
    uid: z.number().int(),
    gid: z.number().int(),
    /** Of security.capability, hexadecimal. */
    capability: text.optional(),
    interpreter: text.optional(),
    outcome,
  }),
  /** An executable file of a layer that a higher layer hides. */
  z.object({ event: z.literal('shadowed'), path: text, layer: layerNumber, by: layerNumber }),
  /** The program was started, or could not be. `missing`: the interpreter without which it could not. */
  z.object({ event: z.literal('started'), outcome, path: text, missing: text.optional() }),
  /** Of the program, in pieces; `end` of the run's output is bounded by the guest. */
  z.object({ event: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text }),
  z.object({ event: z.literal('outputCut'), bytes: z.number().int() }),
  /** One check: its exit status, 128 and the signal, or -1 if it did not end in time. */
  z.object({ event: z.literal('health'), status: z.number().int(), text }),
  /** Events that the report disk had no room for; those of the list have less room than the others. */
  z.object({ event: z.literal('reportFull'), events: z.number().int() }),
  /** How the run ended. `alive`: it still ran when it had to; `timeout`: it still ran and should have ended. */
  z.object({
    event: z.literal('ended'),
    how: z.enum(['exit', 'signal', 'alive', 'healthy', 'unhealthy', 'timeout']),
    status: z.number().int(),
    seconds: z.number(),
  }),
  /**
   * A record of the audit log, with what the guest knew of the process at that moment: its program and parent.
   * `origin` of the file: `layer`, `upper` (in the writable layer), `memory` (no file, or memfd), `tmpfs`, `other`.
   */
  z.object({
    event: z.literal('audit'),
    text,
    phase: z.enum(['list', 'run', 'attack']),
    executable: text.optional(),
    command: text.optional(),
    origin: z.enum(['layer', 'upper', 'memory', 'tmpfs', 'other']),
    layer: layerNumber.nullable(),
  }),
  /** Records that were lost, or too many to be reported one by one. */
  z.object({ event: z.literal('auditLost'), records: z.number().int() }),
  /**
   * `dropped`: a program of the guest, copied into the writable layer, is executed. `open`, `control` and `read`
   * of the layer with one changed byte: opened with its signature; the block before and after the change.
   */
  z.discriminatedUnion('name', [
    z.object({ event: z.literal('attack'), name: z.literal('dropped'), outcome }),
    z.object({
      event: z.literal('attack'),
      name: z.literal('changed-byte'),
      layer: layerNumber,
      control: outcome,
      open: outcome,
      read: outcome,
    }),
  ]),
  z.object({ event: z.literal('end') }),
]);
export type GuestEvent = z.infer<typeof guestEvent>;
