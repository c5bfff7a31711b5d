// Run as a process of its own: commits to the library given, and kills itself with -9 at the named point.
// `loop` commits until it is killed from outside. It is the built program, which starts in a quarter of the time of the sources.
import { openControlPlane } from "../../../dist/control/git-control-plane.js";

const [dir, point, nth] = process.argv.slice(2);
const call = { signal: new AbortController().signal };
let seen = 0;
const plane = await openControlPlane(dir, {
  environment: process.env,
  faultPoint: (name) => {
    if (name !== point || ++seen < Number(nth)) return;
    process.kill(process.pid, "SIGKILL");
  },
});
await plane.recover(call);
const put = (path, text) => ({ path, bytes: Buffer.from(text, "utf8") });
const edits = (round) => [
  put("photos/changed.json", `round ${round}\n`),
  ...Array.from({ length: 8 }, (_, at) => put(`photos/${round % 3}/new-${at}.json`, `${round} ${at}\n`)),
  { path: `photos/${(round + 1) % 3}/new-0.json`, bytes: null },
  { path: "photos/gone/gone.json", bytes: null },
];
if (point !== "loop") {
  await plane.commit(await plane.head(), edits(1), "crash: one", call);
} else {
  for (let round = Number(nth); ; round++) {
    await plane.commit(await plane.head(), edits(round), `crash: round ${round}`, call);
    console.log(round);
  }
}
