import { expect, test } from "./screen.ts";

const SUBJECT = "Not assigned to anyone yet";

test("a closed ticket leaves the open ones", async ({ app, page }) => {
  await app.open();
  const open = await app.total();
  await app.choose(SUBJECT);
  await app.select("Ticket status").selectOption("closed");
  await expect(app.ticket).toContainText("status changed by Jane Smith");
  await expect(app.rows.first()).toContainText("closed");
  await page.getByLabel("Search").fill("");
  await app.select("Status").selectOption("open");
  await expect(app.count).toContainText(`${open - 1} tickets`);
});

// <rollback>
test("a refused change is taken back", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.world.fault({ kind: "error", status: 500, operation: "updateTicketStatus", times: 1 });
  await app.select("Ticket status").selectOption("spam");
  await expect(page.getByRole("alert")).toContainText("Not saved: Server Error");
  await expect(app.select("Ticket status")).toHaveValue("open");
  await expect(app.rows.first()).toContainText("open");
  await app.select("Ticket status").selectOption("spam");
  await expect(app.rows.first()).toContainText("spam");
});
// </rollback>

test("a change is shown before the server answers", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.world.fault({ kind: "latency", delay: "3s", operation: "updateTicketAssignee", times: 1 });
  let answered = false;
  page.on("response", (response) => (answered ||= response.url().endsWith("/assignee")));
  await app.select("Assignee").selectOption("Jane Smith");
  await expect(app.rows.first()).toContainText("Jane Smith");
  expect(answered).toBe(false);
  await expect(app.ticket).toContainText("assignee changed by Jane Smith");
});

test("a reply is in the thread, in the inbox and found by search", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await page.getByLabel("Message").fill("Thank you.\n\nWe <b>ordered</b> a quokka.");
  await page.getByRole("button", { name: "Send reply" }).click();
  const said = app.ticket.getByRole("article").last();
  await expect(said).toContainText("Jane Smith replied");
  await expect(said).toContainText("We <b>ordered</b> a quokka.");
  await expect(app.rows.first()).toContainText("Thank you.");
  await expect(page.getByLabel("Message")).toHaveValue("");
  await page.getByLabel("Search").fill("quokka");
  await expect(app.count).toHaveText("1 ticket, page 1 of 1");
});

test("a message that could not be sent is kept", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.world.fault({ kind: "error", status: 422, operation: "addNote", times: 1 });
  await page.getByLabel("Message").fill("Ask Priya.");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByRole("alert")).toContainText("Not sent:");
  await expect(page.getByLabel("Message")).toHaveValue("Ask Priya.");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(app.ticket.getByRole("article").last()).toContainText("Jane Smith noted");
});

test("tags are added and removed", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.select("Add tag").selectOption("urgent");
  await expect(app.rows.first()).toContainText("urgent");
  await expect(app.ticket).toContainText("tag added by Jane Smith");
  await page.getByRole("button", { name: "Remove tag urgent" }).click();
  await expect(app.rows.first()).not.toContainText("urgent");
});

test("a customer's reply opens the ticket again", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.select("Ticket status").selectOption("closed");
  await expect(app.ticket).toContainText("status changed by Jane Smith");
  await app.world.api.receiveReply(app.world.name, 901, { text: "It is broken again." });
  await page.reload();
  await app.choose(SUBJECT);
  await expect(app.select("Ticket status")).toHaveValue("open");
  await expect(app.ticket.getByRole("article").last()).toContainText("It is broken again.");
});

test("markup of a message runs no script", async ({ app, page }) => {
  await app.open();
  page.on("dialog", () => test.fail());
  const text = { body_html: '<p>Look<img src="x" onerror="alert(1)"><script>alert(2)</script></p>' };
  await app.world.api.receiveReply(app.world.name, 901, text);
  await app.choose(SUBJECT);
  const said = app.ticket.getByRole("article").last();
  await expect(said).toContainText("Look");
  expect(await said.innerHTML()).not.toMatch(/onerror|script/);
});

test("two worlds do not see each other", async ({ app, page, context }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.select("Ticket status").selectOption("closed");
  await expect(app.rows.first()).toContainText("closed");
  const other = await context.newPage();
  await other.addInitScript(() => localStorage.setItem("token", "jane@another-ticket-app"));
  await other.goto("/");
  await other.getByLabel("Search").fill(SUBJECT); // among the open tickets
  await expect(other.getByRole("listitem").filter({ hasText: SUBJECT })).toHaveCount(1);
});

test("a reset brings back the start", async ({ app, page }) => {
  await app.open();
  const open = await app.total();
  await app.choose(SUBJECT);
  await app.select("Ticket status").selectOption("spam");
  await expect(app.ticket).toContainText("status changed by Jane Smith");
  await app.world.reset();
  await page.reload();
  await expect(app.count).toContainText(`${open} tickets`);
});

test("a slow save does not bring back an older page", async ({ app, page }) => {
  await app.open();
  await app.rows.first().click();
  await expect(app.ticket.getByRole("article").first()).toBeVisible();
  await app.world.fault({ kind: "latency", delay: "1s", operation: "updateTicketStatus", times: 1 });
  const saved = page.waitForResponse((response) => response.url().endsWith("/status"));
  await app.select("Ticket status").selectOption("spam");
  await page.getByRole("button", { name: "Next page" }).click();
  await expect(app.count).toContainText("page 2 of");
  await saved;
  await expect(app.ticket).toContainText("status changed by Jane Smith");
  await expect(app.count).toContainText("page 2 of");
});

test("a refused change takes back its own field alone", async ({ app, page }) => {
  await app.open();
  await app.choose(SUBJECT);
  await app.world.fault({ kind: "latency", delay: "1s", operation: "updateTicketStatus", times: 1 });
  await app.world.fault({ kind: "error", status: 500, operation: "updateTicketStatus", times: 1 });
  await app.select("Ticket status").selectOption("spam");
  await app.select("Assignee").selectOption("Jane Smith");
  await expect(page.getByRole("alert")).toContainText("Not saved: Server Error");
  await expect(app.select("Ticket status")).toHaveValue("open");
  await expect(app.rows.first()).toContainText("Jane Smith");
});
