import { damaged, isOid } from "./git-object.js";

/** Who made a commit, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly at: Date;
}

export interface ParsedCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** `Name <email>` */
  readonly author: string;
  /** RFC 3339 with the committer's offset. */
  readonly committedAt: string;
}

/** The bytes of a commit object. A NUL would make `git fsck` complain, so it is left out of the message. */
export function encodeCommit(commit: {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
    "",
    commit.message.replaceAll("\0", "").replace(/\n*$/, "\n"),
  ];
  return Buffer.from(lines.join("\n"), "utf8");
}

/** `Name <email> seconds +zone`, as commits and reflogs spell it. */
export function formatSignature({ name, email, at }: Signature): string {
  // `<`, `>` and line ends delimit the fields; Git drops them from names as well.
  const clean = (text: string) => text.replace(/[<>\n\r\0]/g, "").trim();
  const minutes = -at.getTimezoneOffset();
  const zone =
    (minutes < 0 ? "-" : "+") + twoDigits(Math.abs(minutes) / 60) + twoDigits(Math.abs(minutes) % 60);
  return `${clean(name) || "photosync"} <${clean(email)}> ${Math.floor(at.getTime() / 1000)} ${zone}`;
}

/** Throws `library.damaged`. Unknown headers (signatures, encodings) are passed over. */
export function parseCommit(bytes: Buffer, oid: string): ParsedCommit {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\n\n");
  const headers = (end < 0 ? text : text.slice(0, end)).split("\n");
  const values = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const tree = values("tree")[0];
  const author = /^(.*>) /.exec(values("author")[0] ?? "")?.[1];
  const committed = /> (-?\d+) ([+-])(\d\d)(\d\d)$/.exec(values("committer")[0] ?? "");
  const parents = values("parent");
  if (
    tree === undefined ||
    !isOid(tree) ||
    !parents.every(isOid) ||
    author === undefined ||
    committed === null
  ) {
    throw damaged(`commit ${oid} is malformed`);
  }
  const [, seconds = "0", sign = "+", hours = "00", minutes = "00"] = committed;
  return {
    tree,
    parents,
    author,
    message: end < 0 ? "" : text.slice(end + 2),
    committedAt: rfc3339(Number(seconds), sign, hours, minutes),
  };
}

function rfc3339(seconds: number, sign: string, hours: string, minutes: string): string {
  const offsetSeconds = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === "-" ? -1 : 1);
  const local = new Date((seconds + offsetSeconds) * 1000);
  // A nonsense year in somebody's old commit must not stop `log`.
  const text = Number.isNaN(local.getTime()) ? "1970-01-01T00:00:00" : local.toISOString().slice(0, -5);
  return `${text}${sign}${hours}:${minutes}`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}
