import type { PreflightReport, PreflightRun } from '../../../report/node/preflight-report.ts';
import type { GuestEvent } from '../vm/protocol.ts';
import { Denials } from './attribute.ts';
import { fromGuest } from './from-guest.ts';

type Event<E extends GuestEvent['event']> = Extract<GuestEvent, { event: E }>;

/** All that a VM reported, by kind. */
export class Collected {
  kernel: Event<'kernel'> | undefined;
  /** Of policies and modules: what the kernel did not take. */
  readonly refusedParts: string[] = [];
  /** By number of the layer. */
  readonly layers = new Map<number, Event<'layer'>>();
  overlay: string | undefined;
  readonly files: PreflightReport['files'] = [];
  readonly shadowed: PreflightReport['shadowed'] = [];
  readonly whiteouts: PreflightReport['whiteouts'] = [];
  started: Event<'started'> | undefined;
  ended: Event<'ended'> | undefined;
  /** The last answer of the health check. */
  health: string | undefined;
  readonly output: PreflightRun['output'] = [];
  outputCut = 0;
  readonly denials = new Denials();
  lostRecords = 0;
  /** Events that the report disk had no room for. */
  lostEvents = 0;
  readonly attacks: Event<'attack'>[] = [];
  /** The guest came to its end. */
  complete = false;

  add(event: GuestEvent): void {
    switch (event.event) {
      case 'kernel':
        this.kernel = event;
        break;
      case 'module':
        this.#part(`module ${fromGuest(event.path)}`, event.outcome);
        break;
      case 'policy':
        this.#part(`${event.step} of the policy ${fromGuest(event.name)}`, event.outcome);
        break;
      case 'layer':
        this.layers.set(event.layer, event);
        break;
      case 'overlay':
        this.overlay = event.outcome;
        break;
      case 'file':
        this.files.push(fileOf(event));
        break;
      case 'shadowed':
        this.shadowed.push({ path: fromGuest(event.path), layer: event.layer, by: event.by });
        break;
      case 'whiteout': {
        const { path, layer, kind, effective } = event;
        this.whiteouts.push({ path: fromGuest(path), layer, kind, effective });
        break;
      }
      case 'started':
        this.started = event;
        break;
      case 'ended':
        this.ended = event;
        break;
      case 'health':
        this.health = fromGuest(event.text);
        break;
      case 'output':
        this.output.push({ stream: event.stream, text: fromGuest(event.text) });
        break;
      case 'outputCut':
        this.outputCut = event.bytes;
        break;
      case 'audit':
        this.denials.add(event);
        break;
      case 'auditLost':
        this.lostRecords += event.records;
        break;
      case 'reportFull':
        this.lostEvents += event.events;
        break;
      case 'attack':
        this.attacks.push(event);
        break;
      case 'end':
        this.complete = true;
        break;
    }
  }

  #part(what: string, outcome: string): void {
    if (outcome !== 'OK' && outcome !== 'EEXIST') this.refusedParts.push(`${what}: ${outcome}`);
  }
}

const SETUID_OR_SETGID = 0o6000;

function fileOf({ path, layer, kind, mode, capability, interpreter, outcome }: Event<'file'>) {
  return {
    path: fromGuest(path),
    layer,
    kind,
    executable: outcome === 'OK',
    outcome,
    ...(interpreter === undefined ? {} : { interpreter: fromGuest(interpreter) }),
    ...((mode & SETUID_OR_SETGID) === 0 ? {} : { setuid: true as const }),
    ...(capability === undefined ? {} : { capability }),
  };
}
