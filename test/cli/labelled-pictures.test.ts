import { expect, it } from "vitest";
import { paintFew } from "../identity/scenarios.js";
import { throughProgram } from "../identity/whole-program.js";
import { tempFolder } from "./files.js";

it("joins what is one picture in a folder, a Takeout and a Flickr export, asks or leaves the rest, and loses none", async () => {
  const dir = await tempFolder();
  const outcome = await throughProgram(await paintFew(dir, 7), dir);
  expect(outcome).toMatchObject({ pictures: 15, wrong: [], missed: 0, lost: 0 });
  // What has neither its name nor the fraction of its second left is asked about.
  expect(outcome.joined).toBeGreaterThan(outcome.asked);
});
