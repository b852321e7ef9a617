// Pictures of the screen in light, in dark and 375 px wide, written to the folder PICTURES.
import { expect, test } from "./screen.ts";

const folder = process.env.PICTURES;

test("the screen is pictured", async ({ app, page }) => {
  await page.clock.setFixedTime("2026-05-01T09:00:00Z");
  await page.setViewportSize({ width: 1200, height: 860 });
  await app.open();
  await app.find("Forwarded to the carrier");
  await app.rows.first().click();
  await page.getByLabel("Search").fill("");
  await app.select("Status").selectOption("open");
  await expect(app.rows).toHaveCount(10);
  await app.ticket.getByRole("heading").click(); // so that no field has the focus
  await expect(app.ticket.getByRole("article").first()).toBeVisible();
  await page.screenshot({ path: `${folder}/ticket-screen.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: `${folder}/ticket-screen-dark.png` });
  await page.setViewportSize({ width: 375, height: 720 });
  await page.screenshot({ path: `${folder}/ticket-screen-narrow.png` });
  await page.getByRole("button", { name: "Back to the inbox" }).click();
  await page.screenshot({ path: `${folder}/ticket-screen-narrow-inbox.png` });
});
