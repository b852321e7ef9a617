// Playwright: the config starts the mock; each test has a world of its own.
import { expect, test } from "@playwright/test";
import { Mock } from "./mock.ts";

/** The app under test: a page with a button that loads the tickets. */
const app = (url: string, token: string) => `
  <button>Load</button><p role="status"></p>
  <script>
    const show = (text) => { document.querySelector("p").textContent = text; };
    document.querySelector("button").onclick = async () => {
      const headers = { Authorization: "Bearer ${token}" };
      const reply = await fetch("${url}/api/tickets", { headers });
      show(reply.ok ? (await reply.json()).meta.total + " tickets" : "Failed, try again");
    };
  </script>`;

test("the button can be pressed again after an error", async ({ page, baseURL }, { testId }) => {
  const mock = new Mock(baseURL!);
  const world = mock.world(testId);
  await world.fault({ kind: "error", status: 500, times: 1 });
  await page.setContent(app(mock.url, world.token()));
  await page.getByRole("button").click();
  await expect(page.getByRole("status")).toHaveText("Failed, try again");
  await page.getByRole("button").click();
  await expect(page.getByRole("status")).toHaveText("200 tickets");
  await world.verify();
});
