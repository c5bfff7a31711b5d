import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "@oclif/core";
import { expect, it } from "vitest";

const FOLDER = new URL("../../../src/cli/commands/", import.meta.url);

async function commandClasses(): Promise<ReadonlyMap<string, typeof Command>> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const classes = new Map<string, typeof Command>();
  for (const file of files.sort()) {
    const loaded = (await import(fileURLToPath(new URL(file, FOLDER)))) as { default: typeof Command };
    classes.set(file.replace(/\.ts$/, "").replaceAll(/[/\\]/g, " "), loaded.default);
  }
  return classes;
}

function sorted<T>(record: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function surface(command: typeof Command) {
  const flags = sorted({ ...command.baseFlags, ...command.flags }).map(([name, flag]) => ({
    name,
    type: flag.type,
    ...(flag.char === undefined ? {} : { char: flag.char }),
    ...(flag.aliases === undefined ? {} : { aliases: flag.aliases }),
    ...(flag.type === "option" && flag.multiple ? { multiple: true } : {}),
    ...(flag.type === "option" && flag.options ? { options: flag.options } : {}),
    ...(flag.default === undefined ? {} : { default: flag.default }),
    ...(flag.exclusive === undefined ? {} : { exclusive: flag.exclusive }),
    ...(flag.env === undefined ? {} : { env: flag.env }),
  }));
  const args = Object.entries(command.args).map(([name, arg]) => ({
    name,
    required: arg.required === true,
    multiple: arg.multiple === true,
  }));
  return { aliases: command.aliases, args, flags };
}

it("keeps every command, flag and alias that people may have in scripts", async () => {
  const classes = await commandClasses();
  const all = Object.fromEntries([...classes].map(([name, command]) => [name, surface(command)]));
  await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot("../../golden/commands.json");
});

it("explains every command, argument and flag, with two examples at least", async () => {
  for (const [name, command] of await commandClasses()) {
    expect(command.summary, name).toMatch(/\.$/);
    expect(command.examples?.length ?? 0, name).toBeGreaterThanOrEqual(2);
    for (const [arg, { description }] of Object.entries(command.args)) expect(description, arg).toBeTruthy();
    for (const [flag, { description }] of sorted({ ...command.baseFlags, ...command.flags })) {
      expect(description, `${name} --${flag}`).toBeTruthy();
    }
  }
});

it("reads no argument from standard input", async () => {
  for (const [name, command] of await commandClasses()) {
    for (const arg of Object.values(command.args)) expect(arg.ignoreStdin, name).toBe(true);
  }
});

it("leaves no switch undefined that is not given", async () => {
  for (const [name, command] of await commandClasses()) {
    for (const [flag, { type, default: absent }] of sorted({ ...command.baseFlags, ...command.flags })) {
      if (type === "boolean") expect(absent, `${name} --${flag}`).toBeTypeOf("boolean");
    }
  }
});

it("has no flag that leans on one with a default, which the parser takes for given", async () => {
  for (const [name, { flags }] of await commandClasses()) {
    const leaning = sorted(flags).flatMap(([flag, { dependsOn = [] }]) =>
      dependsOn.map((other) => [`${name} --${flag}`, flags[other]?.default] as const),
    );
    for (const [flag, fallback] of leaning) expect(fallback, flag).toBeUndefined();
  }
});
