import { type FileHandle, open } from "node:fs/promises";
import { crc32, deflateRawSync } from "node:zlib";

const ELSEWHERE = 0xffffffff;
const UTF8_NAME = 0x800;
const DEFLATED = 8;
const VERSION_WITH_ZIP64 = 45;
/** 1 January 2020, noon, in MS-DOS form. */
const DOS_TIME = 0x6000;
const DOS_DATE = 0x5021;

/**
 * Writes a large zip entry by entry, never holding more than one, after PKWARE's APPNOTE 6.3.10. Every entry is deflated, as
 * in Google's exports; bytes that cannot be compressed become stored blocks inside the deflate stream (RFC 1951, 3.2.4), which
 * is what any deflater makes of them.
 */
export class ZipFile {
  readonly #file: FileHandle;
  readonly #directory: Buffer[] = [];
  #offset = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<ZipFile> {
    return new ZipFile(await open(path, "w"));
  }

  /** Bytes written so far. */
  get sizeBytes(): number {
    return this.#offset;
  }

  async add(name: string, bytes: Uint8Array, options: { readonly compressible: boolean }): Promise<void> {
    const packed = deflateRawSync(bytes, { level: options.compressible ? 6 : 0 });
    const encoded = Buffer.from(name);
    const common = Buffer.alloc(24);
    common.writeUInt16LE(UTF8_NAME, 0);
    common.writeUInt16LE(DEFLATED, 2);
    common.writeUInt16LE(DOS_TIME, 4);
    common.writeUInt16LE(DOS_DATE, 6);
    common.writeUInt32LE(crc32(bytes), 8);
    common.writeUInt32LE(packed.length, 12);
    common.writeUInt32LE(bytes.length, 16);
    common.writeUInt16LE(encoded.length, 20);
    const local = Buffer.concat([signature(0x04034b50), common, encoded]);
    const far = this.#offset >= ELSEWHERE;
    const extra = Buffer.alloc(far ? 12 : 0);
    if (far) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(8, 2);
      extra.writeBigUInt64LE(BigInt(this.#offset), 4);
    }
    common.writeUInt16LE(extra.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(far ? ELSEWHERE : this.#offset, 10);
    this.#directory.push(
      Buffer.concat([madeBy(0x02014b50), Buffer.from([VERSION_WITH_ZIP64, 0]), common, rest, encoded, extra]),
    );
    await this.#write(local);
    await this.#write(packed);
  }

  /** Writes the central directory, in ZIP64 form whatever the size, and closes the file. */
  async finish(): Promise<void> {
    const start = this.#offset;
    const count = this.#directory.length;
    for (let at = 0; at < count; at += 1000) {
      await this.#write(Buffer.concat(this.#directory.slice(at, at + 1000)));
    }
    const size = this.#offset - start;
    const wide = Buffer.alloc(56);
    wide.writeUInt32LE(0x06064b50, 0);
    wide.writeBigUInt64LE(44n, 4);
    wide.writeUInt16LE(VERSION_WITH_ZIP64, 12);
    wide.writeUInt16LE(VERSION_WITH_ZIP64, 14);
    for (const [place, value] of [count, count, size, start].entries()) {
      wide.writeBigUInt64LE(BigInt(value), 24 + 8 * place);
    }
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(this.#offset), 8);
    locator.writeUInt32LE(1, 16);
    const end = Buffer.alloc(22, 0xff);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt32LE(0, 4);
    end.writeUInt16LE(0, 20);
    await this.#write(Buffer.concat([wide, locator, end]));
    await this.#file.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#offset += bytes.length;
  }
}

/** A local header's signature and the version needed to extract. */
function signature(value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt16LE(VERSION_WITH_ZIP64, 4);
  return bytes;
}

/** A directory entry's signature and the version that made it; the version needed follows. */
const madeBy = signature;
