import { VeritySignError } from '../../../errors.ts';

const REBUILD = 'Build this layer again; no node can unpack it into EROFS either';

/** What mkfs.erofs refuses. */
export function malformed(what: string): VeritySignError {
  return new VeritySignError('image', `the layer's tar is malformed: ${what}`, { remedy: REBUILD });
}

/** What mkfs.erofs takes, but with a result that hangs on chance: memory that was freed or never set. */
export function undefinedResult(what: string): VeritySignError {
  return new VeritySignError('image', `the layer makes mkfs.erofs use memory that is not its own: ${what}`, {
    remedy: 'Build this layer again without that; nodes may disagree about it',
  });
}

/** What only this builder refuses: not the layer is at fault, but the choice of this builder for it. */
export function unsupported(what: string): VeritySignError {
  return new VeritySignError('environment', `the native builder does not take this layer: ${what}`, {
    remedy: 'Use the builder mkfs for it',
  });
}

/** Raw bytes of a tar for a message: they must not steer a terminal or a log. */
export function printable(name: string): string {
  const text = Buffer.from(name.slice(0, 1024), 'latin1').toString('utf8');
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
