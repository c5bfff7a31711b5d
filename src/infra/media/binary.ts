/** Big- and little-endian numbers and fixed texts in bytes. Beyond the end every number is 0 and every text short. */
export class Binary {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  private has(offset: number, count: number): boolean {
    return offset >= 0 && offset + count <= this.bytes.length;
  }

  u8(offset: number): number {
    return this.bytes[offset] ?? 0;
  }

  u16(offset: number, littleEndian = false): number {
    return this.has(offset, 2) ? this.view.getUint16(offset, littleEndian) : 0;
  }

  i16(offset: number, littleEndian = false): number {
    return this.has(offset, 2) ? this.view.getInt16(offset, littleEndian) : 0;
  }

  u32(offset: number, littleEndian = false): number {
    return this.has(offset, 4) ? this.view.getUint32(offset, littleEndian) : 0;
  }

  i32(offset: number, littleEndian = false): number {
    return this.has(offset, 4) ? this.view.getInt32(offset, littleEndian) : 0;
  }

  /** An unsigned 64-bit number; above 2^53 it is only nearly right, which no file offset ever needs. */
  u64(offset: number): number {
    return this.u32(offset) * 2 ** 32 + this.u32(offset + 4);
  }

  f32(offset: number, littleEndian = false): number {
    return this.has(offset, 4) ? this.view.getFloat32(offset, littleEndian) : 0;
  }

  f64(offset: number, littleEndian = false): number {
    return this.has(offset, 8) ? this.view.getFloat64(offset, littleEndian) : 0;
  }

  /** One character a byte: for tags, magic numbers and four-character codes. */
  latin1(offset: number, length: number): string {
    let text = "";
    const end = Math.min(offset + length, this.bytes.length);
    for (let i = Math.max(0, offset); i < end; i++) text += String.fromCharCode(this.bytes[i] ?? 0);
    return text;
  }

  slice(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(Math.max(0, offset), Math.max(0, offset + length));
  }
}

/** Where `text` (ASCII) first stands in `bytes`, from `from` on, or -1. */
export function findAscii(bytes: Uint8Array, text: string, from = 0): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(text, from, "latin1");
}
