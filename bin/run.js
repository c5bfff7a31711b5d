#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `photosync needs Node.js 20.19 or newer; this is ${process.version}. See https://nodejs.org/en/download\n`,
  );
  process.exit(2);
}
// The libraries that draw help and prompts look only at FORCE_COLOR, and read it while they are being loaded.
if (process.env.NO_COLOR) process.env.FORCE_COLOR = "0";
// Unless told so, React loads the build that is meant for its own users' work and takes twice as long for each key.
process.env.NODE_ENV ??= "production";
// What versions of Node the S3 client will want some day concerns photosync's own makers alone.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const words = process.argv.slice(2);
const isVersionAlone = words.length === 1 && words[0] === "--version";
// Where its own files cannot be read, the whole program says so as it says all else.
if (!isVersionAlone || !(await import("../dist/cli/tell-version.js")).tellVersion()) {
  const { main } = await import("../dist/cli/main.js");
  await main(words, import.meta.url);
}
