// Vitest: a mock for all tests, a world for each.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Mock, startMock } from "./mock.ts";

let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ clock: "2026-05-01T09:00:00Z" });
});
afterAll(() => mock.stop());

/** The app under test: it repeats a request once. */
async function open(token: string): Promise<number> {
  const ask = () =>
    fetch(`${mock.url}/api/tickets?filter[status]=open`, { headers: { Authorization: `Bearer ${token}` } });
  let reply = await ask();
  if (!reply.ok) reply = await ask();
  if (!reply.ok) throw new Error(String(reply.status));
  return (await reply.json()).meta.total;
}

test("a request that fails once is repeated", async () => {
  const world = mock.world("fails-once");
  await world.fault({ kind: "error", status: 500, operation: "listTickets", times: 1 });
  expect(await open(world.token())).toBe(77);
  expect((await world.requests()).map(({ status }) => status)).toEqual([500, 200]);
  await world.verify();
});

test("a request that fails twice is an error", async () => {
  const world = mock.world("fails-twice");
  await world.fault("error=503 times=2");
  await expect(open(world.token())).rejects.toThrow("503");
  await world.reset();
  expect(await open(world.token())).toBe(77);
});

test("time passes as the test says", async () => {
  const world = mock.world("later");
  expect(await world.clock.advance({ days: 3 })).toBe("2026-05-04T09:00:00+00:00");
  await world.fault({ kind: "rate", rate: "1/minute" });
  expect(await open(world.token())).toBe(77);
  await expect(open(world.token())).rejects.toThrow("429");
  await world.clock.advance({ minutes: 3 });
  expect(await open(world.token())).toBe(77);
});

test("a request that the contract does not know is found", async () => {
  const world = mock.world("unknown");
  await fetch(`${mock.url}/api/tickets?limit=5`, { headers: { Authorization: `Bearer ${world.token()}` } });
  await expect(world.verify()).rejects.toThrow("did you mean per_page?");
});

test("what the mock refuses is an error with its reason", async () => {
  await expect(mock.world("x").fault("eror")).rejects.toThrow("did you mean error?");
});
