import sharp from "sharp";
import { photoServiceContract } from "../photo-service-contract.js";
import { openFlickr } from "./flickr-opened.js";

photoServiceContract("Flickr", {
  open: () => openFlickr(),
  hasCursor: true,
  picture: async (number) =>
    sharp({ create: { width: 16, height: 12, channels: 3, background: { r: number * 20, g: 9, b: 99 } } })
      .jpeg()
      .toBuffer(),
});
