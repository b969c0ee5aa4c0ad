import {
  type PreflightAttack,
  type PreflightDenial,
  type PreflightFile,
  type PreflightLayer,
  type PreflightRun,
  type PreflightVerdict,
  wasTried,
} from '../../../report/node/preflight-report.ts';

/** What decides the verdict. */
export interface Judged {
  /** What the kernel shows of its settings; undefined if the guest did not get that far. */
  kernel: { requireSignatures: boolean; ipeEnforced: boolean } | undefined;
  /** Modules and policies that the kernel did not take. */
  refusedParts: readonly string[];
  layers: readonly PreflightLayer[];
  /** Outcome of stacking the layers. */
  overlay: string | undefined;
  files: readonly PreflightFile[];
  /** Whether a program was to run, and how it did. */
  program: boolean;
  run: PreflightRun | undefined;
  denials: readonly PreflightDenial[];
  lostRecords: number;
  /** What the guest found and its report had no room for. */
  lostEvents: number;
  attacks: readonly PreflightAttack[];
  /** The guest came to its end. */
  complete: boolean;
  /** It had to be stopped. */
  late: boolean;
  /** The run may succeed in spite of denials. */
  allowDenials: boolean;
}

/** A verdict, and what it is in words. */
export interface Verdict {
  verdict: PreflightVerdict;
  summary: string;
}

/** Combines all that the VM reported. What is missing never passes. Pure. */
export function verdictOf(judged: Judged): Verdict {
  const { kernel, refusedParts, layers, overlay, complete, late } = judged;
  if (kernel === undefined) return unchecked(`the VM reported nothing${late ? ' in its time' : ''}`);
  if (refusedParts.length > 0) return unchecked(`the kernel did not take ${refusedParts.join(', ')}`);
  if (!kernel.requireSignatures) return unchecked('the kernel of the VM requires no signatures of layers');
  if (!kernel.ipeEnforced) return unchecked('IPE of the VM does not enforce its policy');
  const refused = layers.filter(({ accepted, step }) => !accepted && step !== 'none');
  const [first] = refused;
  if (first !== undefined) {
    const more = refused.length === 1 ? '' : `, and ${refused.length - 1} more`;
    return { verdict: 'refused', summary: `layer ${first.index} is refused: ${first.reason}${more}` };
  }
  if (layers.some(({ accepted }) => !accepted)) return unchecked('the VM did not report on all layers');
  if (overlay === undefined) return unchecked('the VM did not report whether the layers can be stacked');
  if (overlay !== 'OK')
    return { verdict: 'refused', summary: `the kernel does not stack the layers (${overlay})` };
  const cut = late ? 'the VM did not end in its time' : 'the VM stopped before its end';
  return judgeEnforcement(judged) ?? (complete ? judgeProgram(judged) : unchecked(cut));
}

/** Undefined if the kernel refuses what it must. */
function judgeEnforcement({ attacks, complete }: Judged): Verdict | undefined {
  const successful = attacks.find((attack) => wasTried(attack) && !attack.refused);
  if (successful !== undefined)
    return { verdict: 'not-enforced', summary: `the kernel does not enforce: ${successful.result}` };
  if (!complete) return undefined;
  const idle = attacks.find((attack) => !wasTried(attack));
  if (idle !== undefined) return unchecked(idle.result);
  const missing = (['dropped', 'changed-byte'] as const).find(
    (name) => !attacks.some((attack) => attack.name === name),
  );
  return missing === undefined ? undefined : unchecked(`the attack ${missing} was not tried`);
}

function judgeProgram(judged: Judged): Verdict {
  const { files, program, run, denials, lostRecords, lostEvents, allowDenials } = judged;
  const unable = files.filter(({ executable }) => !executable);
  const [file] = unable;
  if (file !== undefined && !(allowDenials && program)) {
    const what = unable.length === 1 ? 'file of the layers' : 'files of the layers';
    return {
      verdict: 'denied',
      summary: `${unable.length} ${what} cannot be executed, such as ${file.path} (${file.outcome})`,
    };
  }
  const isTold = lostEvents === 0;
  const untold = `the report of the VM had no room for ${lostEvents} files or denials`;
  if (!program && !isTold) return unchecked(untold);
  if (!program) return { verdict: 'accepted', summary: 'all layers are accepted; the program was not run' };
  if (run === undefined) return unchecked('the VM did not report how the program ended');
  const denied = deniedText(denials);
  if (denied !== undefined && !(allowDenials && run.succeeded)) {
    return { verdict: 'denied', summary: run.succeeded ? denied : `${denied}; the program ${run.result}` };
  }
  if (!isTold && !(allowDenials && run.succeeded)) return unchecked(untold);
  if (lostRecords > 0 && !(allowDenials && run.succeeded))
    return unchecked(`${lostRecords} records of the audit log were lost, which may be denials`);
  if (!run.succeeded) return { verdict: 'failed', summary: `the program failed: ${run.result}` };
  const despite = denied === undefined ? '' : `, in spite of ${denied}`;
  return { verdict: 'runs', summary: `runs under enforcement${despite}` };
}

/** `12 executions denied`; undefined without any. */
export function deniedText(denials: readonly PreflightDenial[]): string | undefined {
  const total = denials.reduce((sum, { count }) => sum + count, 0);
  return total === 0 ? undefined : `${total} execution${total === 1 ? '' : 's'} denied`;
}

function unchecked(why: string): Verdict {
  return { verdict: 'unchecked', summary: `could not be checked: ${why}` };
}
