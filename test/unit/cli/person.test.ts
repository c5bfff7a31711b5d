import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { browserProgram, openBrowser } from "../../../src/cli/open-browser.js";
import { type PersonSettings, personAt } from "../../../src/cli/person.js";

const SECRET = "hush-0123456789";

/** A terminal: what is typed, what is shown, and whether letters are shown by the terminal itself. */
function terminal(settings: Partial<PersonSettings> = {}) {
  let shown = "";
  let isRaw = false;
  let interrupts = 0;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      isRaw = raw;
    },
  });
  const stderr = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        shown += chunk.toString();
        done();
      },
    }),
    { isTTY: true },
  );
  const onInterrupt = () => {
    interrupts += 1;
  };
  const usual = { stdin, stderr, env: {}, platform: "linux", noInput: false, onInterrupt } as const;
  const person = personAt({ ...usual, ...settings });
  const controller = new AbortController();
  return {
    person,
    stdin,
    call: { signal: controller.signal },
    abort: () => controller.abort(),
    shown: () => shown,
    isRaw: () => isRaw,
    interrupts: () => interrupts,
  };
}

describe("a question at the terminal", () => {
  it("shows what is typed, but nothing of a hidden answer, not even after a shown one", async () => {
    const { person, stdin, call, shown, isRaw } = terminal();
    const key = person.ask?.({ label: "API key", hidden: false }, call);
    expect(isRaw()).toBe(true);
    stdin.write("the key \r");
    expect(await key).toBe("the key");
    expect(isRaw()).toBe(false);
    const secret = person.ask?.({ label: "API secret", hidden: true }, call);
    for (const letter of `${SECRET}\r`) stdin.write(letter);
    expect(await secret).toBe(SECRET);
    expect(shown()).toContain("the key");
    for (let at = 0; at + 3 <= SECRET.length; at++) expect(shown()).not.toContain(SECRET.slice(at, at + 3));
  });

  it("stands before its answer also when the line is drawn anew, as a long pasted address makes it", async () => {
    const { person, stdin, call, shown } = terminal();
    const address = person.ask?.({ label: "Address", hidden: false }, call);
    // Ctrl-L clears the screen and draws the line again.
    stdin.write("http://127.0.0.1/\f?code=1\r");
    expect(await address).toBe("http://127.0.0.1/?code=1");
    expect(shown().split("Address: ").length - 1).toBe(2);
    expect(shown()).not.toContain("> ");
  });

  it("is answered with nothing at the end of the input", async () => {
    const { person, stdin, call } = terminal();
    const answer = person.ask?.({ label: "API key", hidden: false }, call);
    stdin.end();
    expect(await answer).toBe("");
  });

  it("hears Ctrl-C, and ends with the call", async () => {
    const { person, stdin, call, interrupts, abort, isRaw } = terminal();
    const answer = person.ask?.({ label: "API key", hidden: true }, call);
    stdin.write("\u0003");
    await new Promise((resolve) => setImmediate(resolve));
    expect(interrupts()).toBe(1);
    abort();
    await expect(answer).rejects.toMatchObject({ code: "cancelled" });
    expect(isRaw()).toBe(false);
  });

  it.each([{ noInput: true }, { env: { CI: "1" } }])("is not put with %o", (settings) => {
    expect(terminal(settings).person.ask).toBeNull();
  });
});

describe("what is pasted", () => {
  it("may come through a pipe, a line at a time", async () => {
    const stdin = new PassThrough();
    const { person, call } = terminal({ stdin });
    stdin.end("first \r\nsecond\n");
    const question = { label: "code", hidden: false };
    expect([
      await person.paste(question, call),
      await person.paste(question, call),
      await person.paste(question, call),
    ]).toEqual(["first", "second", null]);
  });

  it("is not waited for with --no-input", async () => {
    const { person, call } = terminal({ stdin: new PassThrough(), noInput: true });
    expect(await person.paste({ label: "code", hidden: false }, call)).toBeNull();
  });
});

describe("the browser", () => {
  const address = "https://a.example/?x=1&y=2";
  it.each([
    ["linux", { DISPLAY: ":0" }, ["xdg-open", address]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open", address]],
    ["linux", {}, null],
    ["linux", { BROWSER: "firefox --new-tab:lynx" }, ["firefox", "--new-tab", address]],
    ["linux", { BROWSER: "open-it --at=%s" }, ["open-it", `--at=${address}`]],
    ["darwin", {}, ["open", address]],
    ["win32", { BROWSER: "C:\\x.exe" }, ["rundll32", "url.dll,FileProtocolHandler", address]],
  ] as const)("on %s with %o is started without a shell", (platform, env, expected) => {
    expect(browserProgram(address, { platform, env })).toEqual(expected);
  });

  it("that is not there does no harm", async () => {
    const env = { BROWSER: "/nonexistent/browser" };
    expect(await openBrowser(address, { platform: "linux", env })).toBe(false);
  });
});
