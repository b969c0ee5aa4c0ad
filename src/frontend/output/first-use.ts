/** Node makes a standard stream when it is first asked for, which takes as long as all of the help: help asks for none. */
import { fstatSync } from 'node:fs';

export type StandardStream = 'stdout' | 'stderr';
type Prepare = (stream: NodeJS.WriteStream) => void;

export const DESCRIPTOR = { stdout: 1, stderr: 2 } as const;
/** Of the streams that are not made yet. */
const waiting = new Map<StandardStream, Prepare[]>();
const made = new Set<StandardStream>();

/** Runs `prepare` before anybody in this process can write to a standard stream, in the order of the calls. */
export function beforeFirstUse(name: StandardStream, prepare: Prepare): void {
  const others = waiting.get(name);
  if (others !== undefined) {
    others.push(prepare);
    return;
  }
  const property = Object.getOwnPropertyDescriptor(process, name);
  if (made.has(name) || property?.get === undefined) {
    prepare(process[name]);
    return;
  }
  const { get: make } = property;
  const all = [prepare];
  waiting.set(name, all);
  const get = (): NodeJS.WriteStream => {
    const stream: NodeJS.WriteStream = make.call(process);
    Object.defineProperty(process, name, property);
    waiting.delete(name);
    made.add(name);
    for (const one of all) one(stream);
    return stream;
  };
  Object.defineProperty(process, name, { ...property, get });
}

/** Whether a standard stream was not used yet, so that nothing waits to be written. */
export function isUnused(name: StandardStream): boolean {
  return waiting.has(name);
}

/** Whether a standard stream could be a terminal. */
export function mayBeTerminal(name: StandardStream): boolean {
  try {
    return fstatSync(DESCRIPTOR[name]).isCharacterDevice();
  } catch {
    return true;
  }
}

/** Whether a standard stream is redirected to a regular file. */
export function isFile(name: StandardStream): boolean {
  try {
    return fstatSync(DESCRIPTOR[name]).isFile();
  } catch {
    // It is closed.
    return false;
  }
}
