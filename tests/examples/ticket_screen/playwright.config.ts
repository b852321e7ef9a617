import { defineConfig } from "@playwright/test";

const mock = process.env.MOCK_URL ?? "http://127.0.0.1:4010";
const port = process.env.APP_PORT ?? "4173";
const app = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: "tests",
  testIgnore: process.env.PICTURES ? [] : ["pictures.spec.ts"],
  fullyParallel: true,
  workers: 4,
  expect: { timeout: 15_000 }, // four browsers on two cores
  use: {
    baseURL: app,
    launchOptions: { executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] },
  },
  webServer: [
    {
      command: `mockserver --clock 2026-05-01T09:00:00Z --quiet --port ${new URL(mock).port}`,
      url: `${mock}/_mock/health`,
    },
    { command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`, url: app },
  ],
});
