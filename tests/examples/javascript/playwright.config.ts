import { defineConfig } from "@playwright/test";

const baseURL = `http://127.0.0.1:${process.env.MOCKSERVER_PORT ?? 4010}`;

export default defineConfig({
  testMatch: "*.spec.ts",
  use: { baseURL, launchOptions: { executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] } },
  webServer: [
    {
      command: "mockserver --clock 2026-05-01T09:00:00Z",
      url: `${baseURL}/_mock/health`,
      reuseExistingServer: true,
    },
    {
      command: `mockserver --port ${process.env.OWN_PORT} --contract own.yaml --world own-world.yaml`,
      url: `http://127.0.0.1:${process.env.OWN_PORT}/_mock/health`,
    },
  ],
});
