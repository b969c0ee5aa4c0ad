/** A run of blocks for metadata. */
export interface Node {
  /** Position in the list. */
  index: number;
  /** First block; undefined until blocks are assigned. */
  address: number | undefined;
  /** Bytes used. */
  fill: number;
  blocks: number;
  previous: Node | undefined;
  next: Node | undefined;
}

/** The nodes with the same remainder of `fill`, oldest first. */
interface Queue {
  first: Node | undefined;
  last: Node | undefined;
}

export interface Place {
  node: Node;
  /** Bytes from the beginning of the node. */
  offset: number;
}

/** Inodes begin at multiples of this many bytes. */
const ALIGNMENT = 32;

/**
 * Assigns metadata its place in the image: in the fullest node that has room, else in a new one. Blocks are
 * assigned to nodes in order, as late as possible. [erofs-utils, lib/cache.c: erofs_balloc,
 * erofs_bfind_for_attach, __erofs_battach, erofs_mapbh]
 */
export class BlockMap {
  readonly blockSize: number;
  /** Nodes with assigned blocks come first. */
  readonly #nodes: Node[] = [];
  #mapped = 0;
  readonly #queues: Record<'mapped' | 'unmapped', QueueSet>;
  /** The next free block. */
  tail = 0;
  /** Number of runs of file data that mkfs.erofs still buffers; they keep the first node from growing. */
  fileRuns = 0;
  /** The blocks of a symbolic link are being written. */
  linkRun = false;
  /** The best node of a search so far, and how many bytes of its last block would be used. */
  #best: Node | undefined;
  #bestUsed = 0;

  constructor(blockSize: number) {
    this.blockSize = blockSize;
    this.#queues = { mapped: new QueueSet(blockSize), unmapped: new QueueSet(blockSize) };
  }

  /** Adds a node at the end of the list. */
  append(fill: number): Node {
    const node: Node = {
      index: this.#nodes.length,
      address: undefined,
      fill: 0,
      blocks: 0,
      previous: undefined,
      next: undefined,
    };
    this.#nodes.push(node);
    if (fill > 0) this.#attach(node, fill);
    return node;
  }

  /** Assigns blocks at once, without a node; returns the first. */
  takeRun(blocks: number): number {
    const address = this.tail;
    this.tail += blocks;
    return address;
  }

  /** Removes the last node from the list; its blocks stay assigned. */
  removeLast(node: Node): void {
    this.#queues.mapped.remove(node, node.fill % this.blockSize);
    this.#nodes.pop();
    this.#mapped -= 1;
  }

  addressOf(index: number): number {
    return this.map(this.#nodes[index] as Node);
  }

  /** Assigns blocks to the node and to all nodes before it; returns its first block. */
  map(node: Node): number {
    while (node.address === undefined) {
      const next = this.#nodes[this.#mapped] as Node;
      // A node that was refused its first bytes is in no queue yet.
      if (next.fill > 0) this.#queues.unmapped.remove(next, next.fill % this.blockSize);
      next.address = this.tail;
      this.tail += next.blocks;
      this.#mapped += 1;
      this.#queues.mapped.add(next, next.fill % this.blockSize);
    }
    return node.address;
  }

  mapAll(): void {
    const last = this.#nodes.at(-1);
    if (last !== undefined) this.map(last);
  }

  /**
   * Finds a place for `size` bytes whose last block has room for `inline` more bytes. Returns undefined if no
   * block has; an empty node stays in the list then.
   */
  place(size: number, inline: number): Place | undefined {
    const node = this.#choose(size, inline) ?? this.append(0);
    const offset = aligned(node.fill);
    if (this.#fits(node, size, inline) === undefined) return undefined;
    this.#attach(node, offset + size);
    if (inline > 0) this.#attach(node, node.fill + inline);
    return { node, offset };
  }

  /** Adds one block to a node at the end. */
  extend(node: Node): void {
    this.#attach(node, node.fill + this.blockSize);
  }

  #attach(node: Node, fill: number): void {
    const { blockSize } = this;
    const queue = node.address === undefined ? this.#queues.unmapped : this.#queues.mapped;
    if (node.fill > 0 || node.address !== undefined) queue.remove(node, node.fill % blockSize);
    const atTail = node.address !== undefined && node.address + node.blocks === this.tail;
    node.fill = fill;
    node.blocks = Math.max(node.blocks, Math.ceil(fill / blockSize));
    if (atTail) this.tail = (node.address ?? 0) + node.blocks;
    queue.add(node, fill % blockSize);
  }

  /** Whether the node is the last one with blocks, and nothing follows it. */
  #isLast(node: Node): boolean {
    if (node.index !== this.#mapped - 1 || this.linkRun) return false;
    return node.index !== 0 || this.fileRuns === 0;
  }

  /** How many bytes of the last block would be used; undefined if the bytes do not fit. */
  #fits(node: Node, size: number, inline: number): number | undefined {
    const { blockSize } = this;
    const end = aligned(node.fill) + size;
    // Inline bytes must not cross into another block.
    if (((end + blockSize - 1) % blockSize) + inline > blockSize - 1) return undefined;
    if (end + inline > node.blocks * blockSize && node.address !== undefined) {
      if (!this.#isLast(node) || node.address + node.blocks !== this.tail) return undefined;
    }
    return ((end - 1) % blockSize) + 1 + inline;
  }

  #choose(size: number, inline: number): Node | undefined {
    const { blockSize } = this;
    const total = size + inline;
    const limit = Math.floor((blockSize - (total % blockSize)) / ALIGNMENT) * ALIGNMENT;
    this.#best = undefined;
    this.#bestUsed = 0;
    if (total < blockSize) {
      this.#search('mapped', limit, 1, size, inline);
      const last = this.#nodes[this.#mapped - 1];
      if (last !== undefined && this.#isLast(last)) this.#consider(last, size, inline);
    }
    // The remainders of nodes without blocks, fullest first.
    if (total < blockSize) {
      if (!this.#search('unmapped', limit, 0, size, inline))
        this.#search('unmapped', blockSize - 1, limit + ALIGNMENT, size, inline);
    } else if (limit < blockSize) {
      this.#search('unmapped', limit, 1, size, inline);
    } else if (!this.#search('unmapped', 0, 0, size, inline)) {
      this.#search('unmapped', blockSize - 1, 1, size, inline);
    }
    return this.#best;
  }

  /** Tries one node of each queue from `high` down to `low`; true once one fits. */
  #search(of: 'mapped' | 'unmapped', high: number, low: number, size: number, inline: number): boolean {
    const queues = this.#queues[of];
    for (let key = queues.nextKey(high); key >= low; key = queues.nextKey(key - 1)) {
      let node = queues.first(key);
      if (of === 'mapped' && node !== undefined && this.#isLast(node)) node = node.next;
      if (node !== undefined && this.#consider(node, size, inline)) return true;
    }
    return false;
  }

  #consider(node: Node, size: number, inline: number): boolean {
    const used = this.#fits(node, size, inline);
    if (used === undefined) return false;
    if (used > this.#bestUsed) {
      this.#bestUsed = used;
      this.#best = node;
    }
    return true;
  }
}

const aligned = (fill: number): number => Math.ceil(fill / ALIGNMENT) * ALIGNMENT;

/** One queue for each remainder, and a bit for each queue that is not empty. */
class QueueSet {
  /** The queues that were used so far. */
  readonly #queues: (Queue | undefined)[];
  readonly #bits: Uint32Array;
  /** A bit for each word of `#bits` that is not 0. */
  readonly #words: Uint32Array;

  constructor(blockSize: number) {
    this.#queues = new Array(blockSize);
    this.#bits = new Uint32Array(blockSize / 32);
    this.#words = new Uint32Array(Math.ceil(blockSize / 1024));
  }

  first(key: number): Node | undefined {
    return this.#queues[key]?.first;
  }

  add(node: Node, key: number): void {
    let queue = this.#queues[key];
    if (queue === undefined) {
      queue = { first: undefined, last: undefined };
      this.#queues[key] = queue;
    }
    node.previous = queue.last;
    node.next = undefined;
    if (queue.last === undefined) queue.first = node;
    else queue.last.next = node;
    queue.last = node;
    setBit(this.#bits, key);
    setBit(this.#words, key >>> 5);
  }

  remove(node: Node, key: number): void {
    const queue = this.#queues[key] as Queue;
    if (node.previous === undefined) queue.first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) queue.last = node.previous;
    else node.next.previous = node.previous;
    if (queue.first !== undefined) return;
    clearBit(this.#bits, key);
    if (this.#bits[key >>> 5] === 0) clearBit(this.#words, key >>> 5);
  }

  /** The largest key up to `from` whose queue is not empty, or -1. */
  nextKey(from: number): number {
    const start = Math.min(from, this.#queues.length - 1);
    if (start < 0) return -1;
    const bits = lowBits(this.#bits, start);
    if (bits !== 0) return (start & ~31) + highest(bits);
    for (let word = (start >>> 5) - 1; word >= 0; word = (word & ~31) - 1) {
      const words = lowBits(this.#words, word);
      if (words === 0) continue;
      const found = (word & ~31) + highest(words);
      return found * 32 + highest(this.#bits[found] as number);
    }
    return -1;
  }
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
}

function clearBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] as number) & ~(1 << (at & 31));
}

/** The bits of the word of `at` up to that one. */
function lowBits(bits: Uint32Array, at: number): number {
  return (bits[at >>> 5] as number) & (0xffffffff >>> (31 - (at & 31)));
}

/** The place of the highest bit of a word other than 0. */
function highest(word: number): number {
  return 31 - Math.clz32(word);
}
