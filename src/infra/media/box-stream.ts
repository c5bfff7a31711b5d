const HEADER_BYTES = 16;
const MOST_BOXES = 4096;
/** Boxes whose payload is pixels, padding or an embedded clip: nothing in them is metadata. */
const UNREAD = new Set(["mdat", "free", "skip", "wide", "mpvd", "jxlc", "jxlp"]);
const FIRST_BOXES = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "JXL "]);

/** A stretch of a file that was kept. */
export interface Region {
  readonly offset: number;
  bytes: Uint8Array;
}

/**
 * Keeps the top-level boxes of an ISO base media file (ISO/IEC 14496-12, 4.2) as it streams by: of each the header,
 * and all of it unless its payload is no metadata. Keeps at most `budgetBytes`, and at most 4096 boxes.
 */
export class BoxStream {
  readonly regions: Region[] = [];
  private position = 0;
  private active = true;
  private boxStart = 0;
  private header = new Uint8Array(0);
  private payloadEnd: number | null = null;
  private parts: Uint8Array[] = [];
  private budgetBytes: number;
  private readonly sizeBytes: number;

  constructor(sizeBytes: number, budgetBytes: number) {
    this.sizeBytes = sizeBytes;
    this.budgetBytes = budgetBytes;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (this.active && at < chunk.length) {
      if (this.position < this.boxStart) {
        const skip = Math.min(this.boxStart - this.position, chunk.length - at);
        at += skip;
        this.position += skip;
      } else if (this.payloadEnd === null) {
        at += this.takeHeader(chunk.subarray(at));
      } else {
        at += this.takePayload(chunk.subarray(at));
      }
    }
  }

  /** Closes the box that the file's end cut off. */
  end(): void {
    if (this.payloadEnd !== null || this.header.length > 0) this.closeBox();
    this.active = false;
  }

  private takeHeader(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, HEADER_BYTES - this.header.length);
    this.header = Buffer.concat([this.header, taken]);
    this.position += taken.length;
    if (this.header.length === HEADER_BYTES) this.openBox();
    return taken.length;
  }

  private openBox(): void {
    const view = new DataView(this.header.buffer, this.header.byteOffset, HEADER_BYTES);
    const type = Buffer.from(this.header.subarray(4, 8)).toString("latin1");
    const short = view.getUint32(0);
    const size =
      short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? this.sizeBytes - this.boxStart : short;
    const isFirst = this.boxStart === 0;
    if (size < 8 || this.regions.length >= MOST_BOXES || (isFirst && !FIRST_BOXES.has(type))) {
      this.active = false;
      return;
    }
    this.parts = [this.header];
    const end = this.boxStart + size;
    if (UNREAD.has(type) || size <= HEADER_BYTES || size > this.budgetBytes) {
      this.payloadEnd = this.position;
      this.closeBox(end);
    } else {
      this.payloadEnd = end;
    }
  }

  private takePayload(bytes: Uint8Array): number {
    const end = this.payloadEnd ?? this.position;
    const taken = bytes.subarray(0, end - this.position);
    this.parts.push(new Uint8Array(taken));
    this.position += taken.length;
    if (this.position >= end) this.closeBox(end);
    return taken.length;
  }

  private closeBox(next = this.position): void {
    const bytes = this.parts.length > 0 ? Buffer.concat(this.parts) : this.header;
    this.regions.push({ offset: this.boxStart, bytes });
    this.budgetBytes -= bytes.length;
    // A box shorter than the 16 bytes looked at: go on with what was read beyond its end.
    const surplus = this.position > next ? this.header.subarray(next - this.boxStart) : new Uint8Array(0);
    this.boxStart = next;
    this.header = surplus;
    this.payloadEnd = null;
    this.parts = [];
    if (this.budgetBytes <= 0) this.active = false;
  }
}
