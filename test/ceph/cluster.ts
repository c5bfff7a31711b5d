import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Runs a program to its end. Ceph's own would wait for what comes from stdin, so there is none. */
async function run(program: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CEPH_ARGS: "" },
    timeout: 120_000,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (exit !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${exit}: ${stderr.slice(-2000)}`);
  return { stdout };
}

/** A gateway that serves S3 on this computer, backed by a whole Ceph cluster of one monitor and one disk in memory. */
export interface Cluster {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Ends its processes and removes its folder. */
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

const settings = (
  folder: string,
  fsid: string,
  ports: { readonly monitor: number; readonly gateway: number },
): string => `
[global]
fsid = ${fsid}
mon_initial_members = m
mon_host = v2:127.0.0.1:${ports.monitor}/0
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false
auth_allow_insecure_global_id_reclaim = false
keyring = ${folder}/admin.keyring
run_dir = ${folder}
admin_socket = ${folder}/$name.asok
pid_file =
log_file = ${folder}/$name.log
crash_dir = ${folder}
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 2
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
osd_objectstore = memstore
memstore_device_bytes = 4294967296
[mon.m]
mon_data = ${folder}/mon
[osd.0]
osd_data = ${folder}/osd
keyring = ${folder}/osd.keyring
[client.rgw]
rgw_data = ${folder}/rgw
rgw_frontends = beast endpoint=127.0.0.1:${ports.gateway}
rgw_enable_usage_log = false
rgw_enable_ops_log = false
rgw_crypt_require_ssl = false
rgw_crypt_s3_kms_backend = testing
rgw_crypt_s3_kms_encryption_keys = photosync-key=${Buffer.alloc(32, "photosync").toString("base64")}
`;

/** Tries until it succeeds; throws the last error after `seconds`. */
async function soon<T>(seconds: number, task: () => Promise<T>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(200);
    }
  }
}

const answers = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });

/** Starts a cluster in a folder of its own, in the foreground of this process: it never outlives it unseen. Needs no root. */
export async function startCluster(say: (line: string) => void): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-ceph-"));
  const config = join(folder, "ceph.conf");
  const ports = { monitor: await freePort(), gateway: await freePort() };
  const fsid = randomUUID();
  const children: { readonly name: string; readonly child: ChildProcess }[] = [];
  const command = (program: string, ...args: readonly string[]) => run(program, ["-c", config, ...args]);

  async function daemon(name: string, program: string, ...args: readonly string[]): Promise<void> {
    say(`starting ${name}`);
    const out = await open(join(folder, `${name}.out`), "w");
    const child = spawn(program, ["-f", "-c", config, ...args], { stdio: ["ignore", out.fd, out.fd] });
    children.push({ name, child });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", () => resolve());
      child.once("error", reject);
    });
    await out.close();
  }

  async function stop(): Promise<void> {
    for (const { child } of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const isEnded = await Promise.race([ended.then(() => true), pause(10_000, false)]);
      if (!isEnded) child.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }

  const requireAlive = () => {
    for (const { name, child } of children)
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} has ended`);
  };

  try {
    await writeFile(config, settings(folder, fsid, ports), { mode: 0o600 });
    for (const each of ["mon", "osd", "rgw"]) await mkdir(join(folder, each));
    const keyring = join(folder, "admin.keyring");
    const everything = ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"];
    await run("ceph-authtool", [
      "--create-keyring",
      keyring,
      "--gen-key",
      "-n",
      "mon.",
      "--cap",
      "mon",
      "allow *",
    ]);
    for (const name of ["client.admin", "client.rgw"])
      await run("ceph-authtool", [keyring, "--gen-key", "-n", name, ...everything]);
    const map = join(folder, "monmap");
    const monitor = `[v2:127.0.0.1:${ports.monitor}/0]`;
    await run("monmaptool", ["--create", "--fsid", fsid, "--addv", "m", monitor, map]);
    await command("ceph-mon", "--mkfs", "-i", "m", "--monmap", map, "--keyring", keyring);
    await daemon("the monitor", "ceph-mon", "-i", "m");
    await soon(120, () => command("ceph", "--connect-timeout", "5", "mon", "stat"));
    await addDisk(folder, command);
    await daemon("the disk", "ceph-osd", "-i", "0");
    await soon(120, async () => {
      requireAlive();
      const { stdout } = await command("ceph", "osd", "stat", "-f", "json");
      if (!/"num_up_osds":\s*1/.test(stdout)) throw new Error("the disk does not come up");
    });
    const user = [
      "--uid=photosync",
      "--display-name=photosync",
      "--access-key=photosync",
      "--secret-key=photosync-secret",
    ];
    say("making a user");
    await command("radosgw-admin", "-n", "client.rgw", "user", "create", ...user);
    await daemon("the gateway", "radosgw", "-n", "client.rgw");
    await soon(120, async () => {
      requireAlive();
      await answers(ports.gateway);
    });
  } catch (error) {
    for (const { name } of children)
      say((await readFile(join(folder, `${name}.out`), "utf8").catch(() => "")).slice(-2000));
    await stop();
    throw error;
  }
  return {
    endpoint: `http://127.0.0.1:${ports.gateway}`,
    accessKeyId: "photosync",
    secretAccessKey: "photosync-secret",
    stop,
  };
}

/** Makes the one object store of the cluster known to its monitor, and its folder. */
async function addDisk(
  folder: string,
  command: (program: string, ...args: readonly string[]) => Promise<{ readonly stdout: string }>,
): Promise<void> {
  const id = randomUUID();
  const keyring = join(folder, "osd.keyring");
  const { stdout } = await run("ceph-authtool", ["--gen-print-key"]);
  const key = stdout.trim();
  await run("ceph-authtool", ["--create-keyring", keyring, "-n", "osd.0", "--add-key", key]);
  const secret = join(folder, "osd.json");
  await writeFile(secret, JSON.stringify({ cephx_secret: key }), { mode: 0o600 });
  await command("ceph", "osd", "new", id, "0", "-i", secret);
  await command("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", id);
}
