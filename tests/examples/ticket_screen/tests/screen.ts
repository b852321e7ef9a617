// A ticket app in a private world of its own for each test.
import { type Page, expect, test as base } from "@playwright/test";
import { Mock } from "./mock.ts";

export const MOCK_URL = process.env.MOCK_URL ?? "http://127.0.0.1:4010";

export class Screen {
  constructor(readonly page: Page, readonly world: ReturnType<Mock["world"]>) {}

  get count() {
    return this.page.getByRole("status");
  }
  get inbox() {
    return this.page.getByRole("region", { name: "Inbox" });
  }
  get ticket() {
    return this.page.getByRole("region", { name: "Ticket" });
  }
  get rows() {
    return this.inbox.getByRole("listitem").getByRole("button");
  }

  select(name: string) {
    return this.page.getByRole("combobox", { name, exact: true });
  }
  async open() {
    await this.page.goto("/");
    await expect(this.count).toContainText("page 1 of");
  }
  async find(text: string, status = "any") {
    await this.select("Status").selectOption(status);
    await this.page.getByLabel("Search").fill(text);
    await expect(this.rows.first()).toContainText(text);
  }
  async choose(subject: string) {
    await this.find(subject);
    await this.rows.first().click();
    await expect(this.ticket.getByRole("heading")).toHaveText(subject);
  }
  async total(): Promise<number> {
    return Number((await this.count.textContent())!.split(" ")[0]);
  }
}

export const test = base.extend<{ app: Screen }>({
  app: async ({ page }, use, { testId }) => {
    const world = new Mock(MOCK_URL).world(testId);
    await page.addInitScript((token) => localStorage.setItem("token", token), world.token());
    await use(new Screen(page, world));
    await world.verify(); // throws an error that lists undocumented requests
  },
});
export { expect };
