import { defineConfig } from "vite";

// With changeOrigin: false the links to pages keep the address of the app.
const proxy = { "/api": { target: process.env.MOCK_URL ?? "http://127.0.0.1:4010", changeOrigin: false } };

export default defineConfig({ server: { proxy }, preview: { proxy } });
