import { expect, test } from '@jest/globals';
import { ipAddress, isInNetwork, network } from '../../../../../src/signatures/x509/constraints/addresses.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('addresses have 4 or 16 bytes, networks 8 or 32', () => {
  for (const length of [0, 1, 3, 5, 8, 15, 17, 32]) expect(ipAddress(new Uint8Array(length))).toBeUndefined();
  for (const length of [4, 16]) expect(ipAddress(new Uint8Array(length))).toBeDefined();
  for (const length of [0, 4, 7, 9, 16, 31, 33]) expect(network(new Uint8Array(length))).toBeUndefined();
  for (const length of [8, 32]) expect(network(new Uint8Array(length))).toBeDefined();
});

test('masks have no gaps', () => {
  for (const mask of [
    [0, 0, 0, 0],
    [255, 128, 0, 0],
    [255, 255, 255, 255],
  ]) {
    expect(network(bytes(10, 0, 0, 0, ...mask))).toBeDefined();
  }
  for (const mask of [
    [0, 255, 0, 0],
    [255, 0, 0, 1],
    [253, 0, 0, 0],
  ]) {
    expect(network(bytes(10, 0, 0, 0, ...mask))).toBeUndefined();
  }
});

test('only the bits of the mask count', () => {
  const net = network(bytes(10, 1, 255, 7, 255, 255, 128, 0));
  if (net === undefined) throw new Error('no network');
  expect(isInNetwork(net, bytes(10, 1, 128, 200))).toBe(true);
  expect(isInNetwork(net, bytes(10, 1, 127, 7))).toBe(false);
  expect(isInNetwork(net, new Uint8Array(16))).toBe(false);
  const all = network(new Uint8Array(8));
  expect(all && isInNetwork(all, bytes(1, 2, 3, 4))).toBe(true);
});
