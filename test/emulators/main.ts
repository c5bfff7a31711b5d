/**
 * Runs an emulated Google and an emulated Flickr with sample accounts for a person, or for `photosync demo --services`, until Ctrl-C.
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { ControlWords, type Requests } from "./control-words.js";
import { startSampleServices } from "./sample-services.js";

const { values } = parseArgs({
  options: {
    agree: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    log: { type: "string" },
    "google-port": { type: "string" },
    "flickr-port": { type: "string" },
  },
});
const port = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const [googlePort, flickrPort] = [port(values["google-port"]), port(values["flickr-port"])];
const sample = await startSampleServices({
  agrees: values.agree,
  ...(googlePort !== undefined && { googlePort }),
  ...(flickrPort !== undefined && { flickrPort }),
});
const words = new ControlWords(sample, values.log ?? null);

function tellPerson(): void {
  const { services, environment, google, flickr } = sample;
  const [googleOrigin, flickrOrigin] = [google.endpoints.library, flickr.endpoints.rest].map(
    (address) => new URL(address).origin,
  );
  console.log(`Emulated Google: ${googleOrigin}    emulated Flickr: ${flickrOrigin}

1. Put these entries into config/services.json of a library that is only for trying, and commit them:

${JSON.stringify(services, null, 2)}

2. In the shell that photosync runs in (the last two keep these sign-ins apart from real ones):

${Object.entries(environment)
  .map(([name, value]) => `export ${name}=${value}`)
  .join("\n")}
export PHOTOSYNC_KEYCHAIN=off
export XDG_CONFIG_HOME="$(mktemp -d)"

3. photosync connect flickr      (and google-photos, google-drive)
   The pages that open ${values.agree ? "agree by themselves" : "ask you, as the services' own do"}.

Here you can type "mark NAME" to count the requests since the last mark${values.log === undefined ? "" : ` and write them to ${values.log}`}, and "faults 5" to make
5 % of all requests fail. Ctrl-C ends it, and all that was put into the emulators is gone.`);
}

const tellMark = (name: string, { google, flickr, faults }: Requests): void =>
  console.log(
    values.json
      ? JSON.stringify({ mark: name, google, flickr, faults })
      : `${name}: ${google} requests to Google, ${flickr} to Flickr, ${faults} of them made to fail.`,
  );

async function obey(line: string): Promise<void> {
  const [word = "", given = ""] = line.trim().split(/\s+/);
  const isName = /^[\w-]{1,40}$/.test(given);
  const percent = Number(given);
  if (word === "mark" && isName) tellMark(given, await words.mark(given));
  else if (word === "faults" && given !== "" && percent >= 0 && percent <= 100) {
    words.fail(percent / 100);
    console.log(values.json ? JSON.stringify({ faults: percent }) : `${percent} % of all requests fail now.`);
  } else if (word !== "") console.log('What can be typed here: "mark NAME", "faults PERCENT".');
}

if (values.json) console.log(JSON.stringify({ services: sample.services, environment: sample.environment }));
else tellPerson();

const input = createInterface({ input: process.stdin });
let isOver = false;
const over = () => {
  isOver = true;
  input.close();
};
process.once("SIGINT", over).once("SIGTERM", over);
for await (const line of input) await obey(line);
// A person may start it without a terminal; a program in a person's place ends it by closing its stdin.
if (!values.json && !isOver)
  await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
const rest = await words.mark("end");
if (!values.json) tellMark("Since the last mark", rest);
await sample.close();
process.exit(0);
