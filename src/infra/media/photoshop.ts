import { Binary } from "./binary.js";

const MOST_RESOURCES = 512;
const IPTC_RESOURCE = 0x0404;

/**
 * The IPTC records in a run of Photoshop image resources (`8BIM`, number, padded name, size, padded payload). Source:
 * Adobe Photoshop File Formats Specification, "Image Resource Blocks"; other four-letter signatures exist and count alike.
 */
export function iptcInResources(bytes: Uint8Array): Uint8Array[] {
  const data = new Binary(bytes);
  const found: Uint8Array[] = [];
  let at = 0;
  for (let seen = 0; seen < MOST_RESOURCES && at + 12 <= data.length; seen++) {
    if (!/^(8BIM|PHUT|DCSR|AgHg|MeSa)$/.test(data.latin1(at, 4))) break;
    const id = data.u16(at + 4);
    const nameBytes = data.u8(at + 6) + 1;
    const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
    const size = data.u32(sizeAt);
    if (id === IPTC_RESOURCE) found.push(data.slice(sizeAt + 4, size));
    at = sizeAt + 4 + size + (size % 2);
  }
  return found;
}
