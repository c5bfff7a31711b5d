import { openControlPlane } from "../../../src/control/git-control-plane.js";
import { call, gitEnvironment, put } from "./native-git.js";

// Run as a process of its own: commits to the library given, and kills itself with -9 at the named point.
// `loop` commits until it is killed from outside.
const [dir = "", point = "", nth = "1"] = process.argv.slice(2);
let seen = 0;
const plane = await openControlPlane(dir, {
  environment: gitEnvironment,
  faultPoint: (name) => {
    if (name !== point || ++seen < Number(nth)) return;
    process.kill(process.pid, "SIGKILL");
  },
});
await plane.recover(call);
const edits = (round: number) => [
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
