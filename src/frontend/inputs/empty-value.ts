import { VeritySignError } from '../../errors.ts';

/**
 * An option that is given and has nothing. An input of the Actions without a value is an absent one, but whoever
 * writes an option wants its effect: without a `signer-identity`, every signer of the authority would do.
 */
export function emptyValue(label: string): VeritySignError {
  return new VeritySignError('usage', `${label} is empty`, {
    remedy: 'Check the variable that is inserted there, or omit the option',
  });
}
