// Client of the mock for tests in JavaScript and TypeScript. The mock serves this file.

export class AdminApiError extends Error {
  constructor(message/*: string*/, status/*: number*/) {
    super(message);
    this.name = "AdminApiError";
    this.status = status;
  }
  /*! status: number; */
}

/** Sends requests to the admin API. */
export class AdminApi {
  constructor(url/*: string*/, adminToken/*?: string*/) {
    this.url = url.replace(/\/$/, "");
    this.adminToken = adminToken;
  }
  /*! readonly url: string; readonly adminToken?: string; */

  async send(method/*: string*/, path/*: string*/, query/*?: object*/, body/*?: unknown*/)/*: Promise<any>*/ {
    const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
    const search = pairs.length ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}` : "";
    const headers/*: Record<string, string>*/ = {};
    if (this.adminToken) headers["X-Mock-Admin-Token"] = this.adminToken;
    const isText = typeof body === "string";
    if (body !== undefined) headers["Content-Type"] = isText ? "application/yaml" : "application/json";
    const content = body === undefined || isText ? body : JSON.stringify(body);
    const reply = await fetch(this.url + path + search, { method, headers, body: content/*as! BodyInit | undefined*/ });
    const text = await reply.text();
    const isJson = (reply.headers.get("Content-Type") ?? "").includes("json");
    const value = isJson && text ? JSON.parse(text) : text || undefined;
    if (!reply.ok) throw new AdminApiError(`${method} ${path}: ${value?.message ?? reply.status}`, reply.status);
    return value;
  }
  // OPERATIONS
}

/** One world: an isolated copy of the data. */
export class MockWorld {
  constructor(api/*: AdminApi*/, name/*: string*/) {
    this.api = api;
    this.name = name;
    this.clock = {
      set: async (now/*: string*/, running = false) => (await api.setClock(name, { now, running })).clock.now,
      advance: async (span/*: NonNullable<Parameters<AdminApi["advanceClock"]>[1]>*/) =>
        (await api.advanceClock(name, span)).clock.now,
      reset: async () => (await api.resetClock(name)).clock.now,
    };
  }
  /*! readonly api: AdminApi; readonly name: string; readonly clock: {
    set(now: string, running?: boolean): Promise<string>;
    advance(span: NonNullable<Parameters<AdminApi["advanceClock"]>[1]>): Promise<string>;
    reset(): Promise<string>;
  }; */

  /** Return the bearer token of a user in this world. */
  token(user = "jane")/*: string*/ {
    return this.name === "shared" ? user : `${user}@${this.name}`;
  }

  async reset()/*: Promise<void>*/ {
    await this.api.resetWorld(this.name);
  }

  /** Add a fault, for example `{ kind: "error", status: 500, times: 1 }`. */
  async fault(fault/*: NewFault | string*/)/*: Promise<PlannedFault>*/ {
    return (await this.api.addFaultToWorld(this.name, typeof fault === "string" ? { fault } : fault)).fault;
  }

  async clearFaults()/*: Promise<void>*/ {
    await this.api.clearFaultsOfWorld(this.name);
  }

  /** Return the requests that the app has sent to this world. */
  async requests()/*: Promise<Exchange[]>*/ {
    return (await this.api.listExchanges({ world: this.name })).exchanges;
  }

  /** Throw an error that lists the requests that violate the contract; also if there was none. */
  async verify()/*: Promise<void>*/ {
    const { findings, requests } = await this.api.getVerdict({ world: this.name });
    if (!requests) throw new Error(`no request was recorded in the world ${this.name}; check that the app uses it`);
    if (findings.length) throw new Error(findings.map(({ kind, text }) => `${kind}: ${text}`).join("\n"));
  }
}

/** A mock that runs. */
export class Mock {
  constructor(url/*: string*/, adminToken/*?: string*/, stop/*: () => Promise<void>*/ = async () => {}) {
    this.url = url.replace(/\/$/, "");
    this.api = new AdminApi(url, adminToken);
    this.stop = stop;
  }
  /*! readonly url: string; readonly api: AdminApi; readonly stop: () => Promise<void>; */

  world(name = "shared")/*: MockWorld*/ {
    return new MockWorld(this.api, name);
  }
}

/*! export interface StartOptions { command?: string; [option: string]: unknown } */

/**
 * Start a mock on a free port (Node). The options are those of `mockserver`: `{ world: "small", rateLimit:
 * "60/minute", fault: ["latency=20ms"], quiet: true }`; `command` is the program.
 */
export async function startMock({ command = "mockserver", ...options }/*: StartOptions*/ = {})/*: Promise<Mock>*/ {
  const module = "node:child_process"; // by name, so that a bundler for browsers leaves it alone
  const { spawn } = await import(module);
  const child = spawn(command, ["--port", "0", "--quiet", ...Object.entries(options).flatMap(flags)]);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise/*<string>*/((resolve, reject) => {
    let printed = "", complaint = "";
    child.stdout.on("data", (data/*: unknown*/) => {
      printed += data;
      const found = /http:\/\/\S+/.exec(printed);
      if (found) resolve(found[0]);
    });
    child.stderr.on("data", (data/*: unknown*/) => (complaint += data));
    child.once("error", reject);
    child.once("close", () => reject(new Error(complaint.trim() || `${command} ended`)));
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  return new Mock(url, options.adminToken/*as! string | undefined*/, stop);
}

function flags([name, value]/*: [string, unknown]*/)/*: string[]*/ {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (Array.isArray(value)) return value.flatMap((each) => [flag, String(each)]);
  if (typeof value === "boolean") return value ? [flag] : [];
  return value === undefined ? [] : [flag, String(value)];
}
