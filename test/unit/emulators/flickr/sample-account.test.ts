import { expect, it } from "vitest";
import { systemClock } from "../../../../src/infra/clock.js";
import { inProcessFlickr } from "../../../emulators/flickr/in-process.js";
import { seedSampleAccount } from "../../../emulators/flickr/sample-account.js";

it("the sample account holds a photo of every privacy, each with bytes of its own", async () => {
  const flickr = inProcessFlickr({ clock: systemClock });
  const { photos, owner } = seedSampleAccount(flickr);
  const audiences = new Set(photos.map(({ id }) => [...flickr.machine.whoCanSee(id)].join(" ")));
  expect(audiences.size).toBe(5);
  expect(owner.setIds).toHaveLength(2);
  const addresses = photos
    .filter(({ media }) => media === "photo")
    .map(({ id, originalSecret }) => `https://live.staticflickr.com/65535/${id}_${originalSecret}_o.jpg`);
  const bodies = await Promise.all(addresses.map(async (address) => (await flickr.fetch(address)).text()));
  expect(new Set(bodies).size).toBe(addresses.length);
});
