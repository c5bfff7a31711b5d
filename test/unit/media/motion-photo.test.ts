import { expect, test } from "vitest";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { type MediaReading, readMedia } from "../../../src/infra/media/read-media.js";
import { box, fileType, heicFile, movieHeader } from "../../fixtures/media/box-file.js";
import { exifBlock } from "../../fixtures/media/exif-block.js";
import { jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";

const clip = Buffer.concat([fileType("mp42"), box("moov", movieHeader(0))]);
const read = (bytes: Uint8Array): Promise<MediaReading> => readMedia(bufferReader(bytes), "p.jpg");

function expectClip(bytes: Buffer, motion: MediaReading["embeddedMotion"]): void {
  expect(motion).toBeDefined();
  const { offsetBytes = 0, lengthBytes = 0 } = motion ?? {};
  expect(bytes.subarray(offsetBytes, offsetBytes + lengthBytes)).toEqual(clip);
}

test("Google's older form: the clip's distance from the end", async () => {
  const xmp = xmpPacket("", `GCamera:MicroVideo="1" GCamera:MicroVideoOffset="${clip.length}"`);
  const bytes = jpegFile({ xmp, trailer: clip });
  expectClip(bytes, (await read(bytes)).embeddedMotion);
});

test("Google's container of parts", async () => {
  const container = `<Container:Directory xmlns:Container="http://ns.google.com/photos/1.0/container/"
    xmlns:Item="http://ns.google.com/photos/1.0/container/item/"><rdf:Seq>
    <rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" Item:Semantic="Primary" Item:Length="0"/></rdf:li>
    <rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="video/mp4" Item:Semantic="MotionPhoto" Item:Length="${clip.length}"/></rdf:li>
    </rdf:Seq></Container:Directory>`;
  const bytes = jpegFile({ xmp: xmpPacket(container, 'GCamera:MotionPhoto="1"'), trailer: clip });
  expectClip(bytes, (await read(bytes)).embeddedMotion);
});

test("Samsung's trailer", async () => {
  const name = Buffer.from("MotionPhoto_Data");
  const head = Buffer.from([0, 0, 0x30, 0x0a, name.length, 0, 0, 0]);
  const block = Buffer.concat([head, name, clip]);
  const directory = Buffer.alloc(24);
  directory.write("SEFH");
  directory.writeUInt32LE(106, 4);
  directory.writeUInt32LE(1, 8);
  directory.writeUInt16LE(0x0a30, 14);
  directory.writeUInt32LE(block.length, 16);
  directory.writeUInt32LE(block.length, 20);
  const end = Buffer.alloc(8);
  end.writeUInt32LE(directory.length);
  end.write("SEFT", 4);
  const bytes = jpegFile({ trailer: Buffer.concat([block, directory, end]) });
  expectClip(bytes, (await read(bytes)).embeddedMotion);
});

test("a HEIC's mpvd box", async () => {
  const bytes = heicFile(exifBlock({ main: { 271: "samsung" } }), box("mpvd", clip));
  const { embeddedMotion, facts } = await read(bytes);
  expectClip(bytes, embeddedMotion);
  expect(facts.camera_info).toEqual({ make: "samsung" });
});

test("a clip that is announced but was cut off is none", async () => {
  const xmp = xmpPacket("", `GCamera:MicroVideo="1" GCamera:MicroVideoOffset="${clip.length}"`);
  expect((await read(jpegFile({ xmp }))).embeddedMotion).toBeUndefined();
});
