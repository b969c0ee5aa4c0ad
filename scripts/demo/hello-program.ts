import type { architecture } from '../tools/common.ts';

type Architecture = ReturnType<typeof architecture>;

/** Where the file is loaded; it is one segment, with its headers. */
const ADDRESS = 0x40_0000;
const HEADERS = 64 + 56;

/** Per architecture: e_machine, the alignment of segments, and the code, which ends right before the text. */
const MACHINES: Readonly<
  Record<Architecture, { machine: number; align: number; code: (length: number) => Buffer }>
> = {
  amd64: { machine: 62, align: 0x1000, code: codeForAmd64 },
  arm64: { machine: 183, align: 0x1_0000, code: codeForArm64 },
};

/**
 * A program for Linux that prints a text and ends with status 0: an ELF file without an interpreter, so that it runs
 * in an image that has nothing else. It needs no compiler. [elf(5)]
 * @param text less than 64 KiB in UTF-8
 */
export function helloProgram(architecture: Architecture, text: string): Buffer {
  const { machine, align, code } = MACHINES[architecture];
  const message = Buffer.from(text);
  const body = Buffer.concat([code(message.length), message]);
  const size = HEADERS + body.length;
  const headers = Buffer.alloc(HEADERS);
  headers.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  headers.writeUInt16LE(2, 16); // ET_EXEC
  headers.writeUInt16LE(machine, 18);
  headers.writeUInt32LE(1, 20);
  headers.writeBigUInt64LE(BigInt(ADDRESS + HEADERS), 24);
  headers.writeBigUInt64LE(64n, 32); // the program header follows
  headers.writeUInt16LE(64, 52);
  headers.writeUInt16LE(56, 54);
  headers.writeUInt16LE(1, 56);
  headers.writeUInt32LE(1, 64); // PT_LOAD
  headers.writeUInt32LE(5, 68); // readable and executable
  headers.writeBigUInt64LE(BigInt(ADDRESS), 80);
  headers.writeBigUInt64LE(BigInt(ADDRESS), 88);
  headers.writeBigUInt64LE(BigInt(size), 96);
  headers.writeBigUInt64LE(BigInt(size), 104);
  headers.writeBigUInt64LE(BigInt(align), 112);
  return Buffer.concat([headers, body]);
}

/** write(1, text, length); exit(0) */
function codeForAmd64(length: number): Buffer {
  const code = Buffer.from([
    ...[0xb8, 1, 0, 0, 0], // mov eax, 1
    ...[0xbf, 1, 0, 0, 0], // mov edi, 1
    ...[0x48, 0x8d, 0x35, 16, 0, 0, 0], // lea rsi, [rip + 16]
    ...[0xba, 0, 0, 0, 0], // mov edx, length
    ...[0x0f, 0x05], // syscall
    ...[0x31, 0xff], // xor edi, edi
    ...[0xb8, 60, 0, 0, 0], // mov eax, 60
    ...[0x0f, 0x05], // syscall
  ]);
  code.writeUInt32LE(length, 18);
  return code;
}

/** The same. */
function codeForArm64(length: number): Buffer {
  const mov = (register: number, value: number): number => 0xd280_0000 + value * 32 + register;
  const svc = 0xd400_0001;
  const words = [
    mov(8, 64),
    mov(0, 1),
    0x1000_00c1, // adr x1, 24 bytes on
    mov(2, length),
    svc,
    mov(8, 93),
    mov(0, 0),
    svc,
  ];
  const code = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) code.writeUInt32LE(word, index * 4);
  return code;
}
