/** The compressed bytes do not follow the format (RFC 8878). */
export class ZstdFormatError extends Error {
  override readonly name = 'ZstdFormatError';
  /** Where in the compressed file, in bytes from its start. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at byte ${position}`);
    this.position = position;
  }
}

/** A piece of a chunk that belongs to one frame. */
export interface FramePiece {
  readonly kind: 'data' | 'skippable';
  readonly bytes: Uint8Array;
  /** The frame ends with this piece. */
  readonly last: boolean;
}

const MAGIC = 0xfd_2f_b5_28;
/** The low four bits are free (RFC 8878, 3.1.2). */
const SKIPPABLE_MAGIC = 0x18_4d_2a_50;
/** What `--long=31` and ZSTD_d_windowLogMax 31 allow. */
const MAX_WINDOW = 2 ** 31;
const MAX_BLOCK = 128 * 1024;

/** The file begins like a zstd file: an ordinary or a skippable frame. Needs four bytes. */
export function looksLikeZstd(start: Uint8Array): boolean {
  const magic = uint(start, 0, 4);
  return start.length >= 4 && (magic === MAGIC || isSkippable(magic));
}

function isSkippable(magic: number): boolean {
  return magic - (magic % 16) === SKIPPABLE_MAGIC;
}

type Expected = 'magic' | 'descriptor' | 'header' | 'block' | 'checksum' | 'skip-size';

/**
 * Walks the frame and block headers of a zstd file that arrives in chunks, without decompressing. It
 * decides whether the input is whole, since decompressors differ on that: one runtime's takes cut, empty
 * and trailing input for success, another's stops silently after the first of several frames.
 *
 * States (`expect`), each named by what the next bytes are:
 * - magic: of a frame (→ descriptor) or of a skippable frame (→ skip-size). The only state in which the input may end.
 * - descriptor: the byte that says how long the rest of the frame header is (→ header).
 * - header: window, dictionary and content size (→ block).
 * - block: a block header of three bytes; its content is passed over (→ block, checksum or magic).
 * - checksum: four bytes (→ magic).
 * - skip-size: length of a skippable frame; its content is passed over (→ magic).
 */
export class FrameWalker {
  #expect: Expected = 'magic';
  /** Header bytes gathered so far; a header may be spread over chunks. */
  #field = new Uint8Array(18);
  #filled = 0;
  #wanted = 4;
  /** Bytes of content still to pass over before `expect` applies. */
  #passOver = 0;
  #position = 0;
  #descriptor = 0;
  #kind: FramePiece['kind'] = 'data';
  #dataFrames = 0;
  #declared: number | null = 0;
  #firstDeclared: number | null | undefined;
  #maxBlock = MAX_BLOCK;

  /** Compressed bytes walked so far. */
  get position(): number {
    return this.#position;
  }

  /** Sum of the content sizes of all frames so far; null when one of them does not declare its own. */
  get declaredSize(): number | null {
    return this.#declared;
  }

  /** Content size of the first data frame; undefined until its header has been seen. */
  get firstDeclaredSize(): number | null | undefined {
    return this.#firstDeclared;
  }

  /**
   * Walks over the next bytes.
   *
   * @returns The same bytes, cut at the ends of frames. A part of a magic number is held back until it is whole.
   * @throws {ZstdFormatError}
   */
  push(bytes: Uint8Array): FramePiece[] {
    const chunk = this.#withHeldMagic(bytes);
    const pieces: FramePiece[] = [];
    let begin = 0;
    let at = 0;
    while (at < chunk.length) {
      const step = this.#passOver > 0 ? this.#pass(chunk.length - at) : this.#gather(chunk, at);
      at += step;
      if (this.#passOver > 0 || !this.#betweenFrames()) continue;
      pieces.push({ kind: this.#kind, bytes: chunk.subarray(begin, at), last: true });
      begin = at;
    }
    // The first bytes of a magic number do not say yet what kind of frame they belong to.
    const undecided = this.#expect === 'magic' && this.#passOver === 0;
    if (begin < at && !undecided)
      pieces.push({ kind: this.#kind, bytes: chunk.subarray(begin), last: false });
    return pieces;
  }

  /** A magic number that was spread over chunks is walked again as a whole. */
  #withHeldMagic(chunk: Uint8Array): Uint8Array {
    if (this.#expect !== 'magic' || this.#passOver > 0 || this.#filled === 0) return chunk;
    const held = this.#field.subarray(0, this.#filled);
    this.#position -= this.#filled;
    this.#filled = 0;
    return Buffer.concat([held, chunk]);
  }

  /**
   * The input has ended.
   *
   * @throws {ZstdFormatError} when it ends inside a frame, or holds none.
   */
  end(): void {
    if (!this.#betweenFrames()) throw new ZstdFormatError('the compressed data is cut off', this.#position);
    if (this.#dataFrames === 0) throw new ZstdFormatError('there is no compressed data', this.#position);
  }

  #betweenFrames(): boolean {
    return this.#expect === 'magic' && this.#filled === 0 && this.#passOver === 0;
  }

  #pass(available: number): number {
    const step = Math.min(this.#passOver, available);
    this.#passOver -= step;
    this.#position += step;
    return step;
  }

  #gather(chunk: Uint8Array, at: number): number {
    const step = Math.min(this.#wanted - this.#filled, chunk.length - at);
    this.#field.set(chunk.subarray(at, at + step), this.#filled);
    this.#filled += step;
    this.#position += step;
    if (this.#filled === this.#wanted) {
      this.#filled = 0;
      this.#read();
    }
    return step;
  }

  #next(expect: Expected, wanted: number): void {
    this.#expect = expect;
    this.#wanted = wanted;
  }

  #fail(message: string): never {
    throw new ZstdFormatError(message, this.#position - this.#wanted);
  }

  #read(): void {
    switch (this.#expect) {
      case 'magic':
        return this.#readMagic();
      case 'descriptor':
        return this.#readDescriptor();
      case 'header':
        return this.#readHeader();
      case 'block':
        return this.#readBlock();
      case 'checksum':
        return this.#next('magic', 4);
      case 'skip-size':
        this.#passOver = uint(this.#field, 0, 4);
        return this.#next('magic', 4);
    }
  }

  #readMagic(): void {
    const magic = uint(this.#field, 0, 4);
    if (magic === MAGIC) {
      this.#kind = 'data';
      this.#dataFrames += 1;
      this.#next('descriptor', 1);
    } else if (isSkippable(magic)) {
      this.#kind = 'skippable';
      this.#next('skip-size', 4);
    } else {
      this.#fail(this.#dataFrames === 0 ? 'not a zstd file' : 'unexpected bytes after the compressed data');
    }
  }

  #readDescriptor(): void {
    this.#descriptor = this.#field[0] ?? 0;
    if ((this.#descriptor & 0b1000) !== 0) this.#fail('a reserved bit is set in a frame header');
    const { window, dictionary, content } = fieldSizes(this.#descriptor);
    this.#next('header', window + dictionary + content);
  }

  #readHeader(): void {
    const { window, dictionary, content } = fieldSizes(this.#descriptor);
    if (uint(this.#field, window, dictionary) !== 0) this.#fail('the data needs a zstd dictionary');
    // A size of two bytes is stored less 256.
    const size =
      content === 0 ? null : uint(this.#field, window + dictionary, content) + (content === 2 ? 256 : 0);
    // Without a window descriptor the window is the whole content.
    const windowSize = window === 1 ? windowOf(this.#field[0] ?? 0) : (size ?? 0);
    if (windowSize > MAX_WINDOW)
      this.#fail(`a window of ${windowSize} bytes is more than zstd --long=31 allows`);
    this.#maxBlock = Math.min(windowSize, MAX_BLOCK);
    this.#declared = this.#declared === null || size === null ? null : this.#declared + size;
    if (this.#dataFrames === 1) this.#firstDeclared = size;
    this.#next('block', 3);
  }

  #readBlock(): void {
    const header = uint(this.#field, 0, 3);
    const lastBlock = (header & 1) === 1;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === 3) this.#fail('a block of a reserved type');
    if (size > this.#maxBlock) this.#fail('a block larger than the format allows');
    // A block of type 1 is one byte, repeated `size` times.
    this.#passOver = type === 1 ? 1 : size;
    if (!lastBlock) return this.#next('block', 3);
    const checksum = (this.#descriptor & 0b100) !== 0;
    return checksum ? this.#next('checksum', 4) : this.#next('magic', 4);
  }
}

/** Lengths of the fields of a frame header (RFC 8878, 3.1.1.1.1). */
function fieldSizes(descriptor: number): { window: number; dictionary: number; content: number } {
  const single = (descriptor & 0b10_0000) !== 0;
  const flag = descriptor >> 6;
  return {
    window: single ? 0 : 1,
    dictionary: [0, 1, 2, 4][descriptor & 0b11] ?? 0,
    content: flag === 0 ? Number(single) : 2 ** flag,
  };
}

/** RFC 8878, 3.1.1.1.2. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 0b111);
}

/** Little-endian, up to eight bytes; exact up to 2^53. */
function uint(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i -= 1) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}
