import { expect, test } from "./screen.ts";

test("pages are turned", async ({ app, page }) => {
  await app.open();
  const first = await app.rows.first().textContent();
  await page.getByRole("button", { name: "Next page" }).click();
  await expect(app.count).toContainText("page 2 of");
  await expect(app.rows.first()).not.toHaveText(first!);
  await page.getByRole("button", { name: "Previous page" }).click();
  await expect(app.rows.first()).toHaveText(first!);
  await expect(page.getByRole("button", { name: "Previous page" })).toBeDisabled();
});

test("filters narrow the list, and begin at page 1", async ({ app, page }) => {
  await app.open();
  const all = await app.total();
  await page.getByRole("button", { name: "Next page" }).click();
  await app.select("Assigned to").selectOption("me");
  await expect(app.count).toContainText("page 1 of");
  await expect.poll(() => app.total()).toBeLessThan(all);
  const mine = await app.total();
  await expect(app.rows.first()).toContainText("Jane Smith");
  await app.select("Channel").selectOption("Billing");
  await expect.poll(() => app.total()).toBeLessThan(mine);
  await app.select("Channel").selectOption("any");
  await app.select("Assigned to").selectOption("nobody");
  await app.select("Tag").selectOption("refund");
  await expect(app.rows.first()).toContainText("refund");
  await expect(app.rows.first()).toContainText("unassigned");
});

test("an empty result says so", async ({ app, page }) => {
  await app.open();
  await page.getByLabel("Search").fill("zzzz");
  await expect(app.inbox).toContainText("No ticket meets these filters.");
  await expect(app.count).toHaveText("0 tickets, page 1 of 1");
});

test("a late response never replaces a newer one", async ({ app, page }) => {
  await app.open();
  await app.world.fault({ kind: "latency", delay: "1500ms", operation: "listTickets", times: 1 });
  const late = page.waitForRequest((request) => request.url().includes("invoice"));
  await page.getByLabel("Search").fill("invoice");
  await late; // it is on its way, and takes 1.5 s
  await page.getByLabel("Search").fill("Thirty tags");
  await expect(app.rows).toHaveCount(1);
  await page.waitForTimeout(2000);
  await expect(app.rows).toHaveCount(1);
  await expect(app.rows.first()).toContainText("Thirty tags on one ticket");
});

test("an error can be tried again", async ({ app, page }) => {
  await app.world.fault({ kind: "error", status: 503, operation: "listTickets", times: 1 });
  await page.goto("/");
  await expect(app.inbox.getByRole("alert")).toContainText("The tickets could not be loaded.");
  await app.inbox.getByRole("button", { name: "Try again" }).click();
  await expect(app.count).toContainText("page 1 of");
  await expect(app.inbox.getByRole("alert")).toHaveCount(0);
});

test("loading is shown", async ({ app, page }) => {
  await app.world.fault({ kind: "latency", delay: "3s", operation: "listTickets", times: 1 });
  await page.goto("/", { waitUntil: "commit" });
  await expect(app.count).toHaveText("Loading tickets…");
  await expect(app.count).toContainText("page 1 of");
});

test("the rate limit is waited out", async ({ app, page }) => {
  await app.open();
  const limited = { kind: "error", status: 429, retry_after: 3, operation: "listTickets", times: 1 };
  await app.world.fault(limited as Parameters<typeof app.world.fault>[0]);
  await app.select("Status").selectOption("closed");
  await expect(page.getByRole("alert")).toContainText(/Too many requests. Going on in [1-3] s…/);
  await expect(app.rows.first()).toContainText("closed");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("times are relative to the clock", async ({ app, page }) => {
  await app.world.clock.set("2026-05-04T09:00:00Z");
  await page.clock.setFixedTime("2026-05-04T09:00:00Z");
  await app.open();
  await app.choose("Not assigned to anyone yet");
  await app.select("Ticket status").selectOption("closed");
  await expect(app.ticket.getByRole("listitem").last()).toHaveText(/status changed by Jane Smith just now/);
  await page.clock.setFixedTime("2026-05-06T10:00:00Z");
  await page.reload();
  await app.choose("Not assigned to anyone yet");
  await expect(app.ticket.getByRole("listitem").last()).toContainText("2 days ago");
});

test("the keyboard is enough", async ({ app, page }) => {
  await app.open();
  await page.getByLabel("Search").fill("Thirty tags");
  await expect(app.rows).toHaveCount(1);
  await app.rows.first().focus();
  await page.keyboard.press("Enter");
  await expect(app.ticket.getByRole("heading")).toHaveText("Thirty tags on one ticket");
});

test("a narrow window shows one thing at a time", async ({ app, page }) => {
  await page.setViewportSize({ width: 375, height: 720 });
  await app.open();
  await app.choose("Thirty tags on one ticket");
  await expect(app.inbox).toBeHidden();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Back to the inbox" }).click();
  await page.getByLabel("Search").fill("");
  await expect(app.rows).toHaveCount(10);
  const wide = await app.rows.evaluateAll((rows) => rows.filter((row) => row.scrollWidth > row.clientWidth).length);
  expect(wide).toBe(0);
});
