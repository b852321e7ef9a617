// A whole session of an app whose own endpoints come from YAML alone (docs/own-endpoints.md).
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { Mock } from "./mock.ts";

const app = readFileSync("app.html", "utf8");
const url = `http://127.0.0.1:${process.env.OWN_PORT}`;

test("tickets are found, assigned, noted and closed", async ({ page }, { testId }) => {
  const world = new Mock(url).world(testId);
  const settings = JSON.stringify({ url, token: world.token() });
  await page.setContent(app.replace("window.settings", settings));

  const status = page.getByRole("status");
  await expect(status).toContainText("page 1 of");
  const open = Number((await status.textContent())!.split(" ")[0]);
  await page.getByRole("button", { name: "Next page" }).click();
  await expect(status).toContainText("page 2 of");

  const subject = (await page.locator("#list button").first().textContent())!;
  await page.getByLabel("Search").fill(subject);
  await expect(page.locator("#list button").first()).toHaveText(subject);
  await page.getByRole("button", { name: subject }).first().click();

  await world.fault({ kind: "error", status: 500, operation: "updateTicketAssignee", times: 1 });
  const before = await page.getByLabel("Assignee").inputValue();
  const other = before === "6" ? "Jane Smith" : "Omar Haddad";
  await page.getByLabel("Assignee").selectOption(other);
  await expect(status).toHaveText("Not assigned (500)");
  await expect(page.getByLabel("Assignee")).toHaveValue(before);
  await page.getByLabel("Assignee").selectOption(other);
  await expect(page.locator("#list li").first()).toContainText(other);

  await page.getByLabel("Note").fill("Call back on Monday.");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.locator("#notes")).toHaveText("Call back on Monday.");

  await page.getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Search").fill("");
  await expect(status).toContainText(`${open - 1} tickets`);
  await world.verify();
});
