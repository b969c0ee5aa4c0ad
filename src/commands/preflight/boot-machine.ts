import { VeritySignError } from '../../errors.ts';
import type { OpenMachine } from './machine.ts';

export const openMachine: OpenMachine = async () => {
  throw new VeritySignError('unchecked', 'no VM yet');
};
