import type { PreflightAttack } from '../../../report/node/preflight-report.ts';
import type { Collected } from './collect.ts';

type AttackEvent = Collected['attacks'][number];

export function judgeAttack(event: AttackEvent): PreflightAttack {
  return event.name === 'dropped' ? dropped(event.outcome) : changedByte(event);
}

/** A program in the writable layer is executed. */
function dropped(outcome: string): PreflightAttack {
  const refused = outcome === 'EACCES' || outcome === 'EPERM';
  const result = refused
    ? 'a program that was added at run time is not executed'
    : outcome === 'OK'
      ? 'a program that was added at run time WAS EXECUTED'
      : `a program that was added at run time could not be tried (${outcome})`;
  return { name: 'dropped', refused, outcome, result };
}

/**
 * One byte of a layer is changed behind its signature. The control is the same block in the same place without the
 * change: if that fails, the reason is not the change.
 */
function changedByte(event: Extract<AttackEvent, { name: 'changed-byte' }>): PreflightAttack {
  const { layer, control, open, read } = event;
  const attack = { name: 'changed-byte' as const, layer };
  if (control !== 'OK') {
    const result = `a changed byte of layer ${layer} could not be tried: without the change it gives ${control}`;
    return { ...attack, refused: false, outcome: control, result };
  }
  if (open !== 'OK') {
    const result = `layer ${layer} with a changed byte is not opened`;
    return { ...attack, refused: true, outcome: open, result };
  }
  const refused = read !== 'OK';
  const result = refused
    ? `a changed byte of layer ${layer} is not read`
    : `a changed byte of layer ${layer} WAS READ`;
  return { ...attack, refused, outcome: read, result };
}
